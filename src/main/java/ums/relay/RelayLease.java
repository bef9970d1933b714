package ums.relay;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Which of several processes relays. It saves records that would be there twice and guards nothing: what two processes relay
 * at once is claimed once all the same.
 */
@Repository
class RelayLease {

    private final JdbcClient jdbc;

    RelayLease(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the lease or keeps it, by the database's clock. One that ends later than any can was taken before that clock was
     * set back.
     *
     * @return false where another process has it
     */
    boolean hold(String owner, Duration duration) {
        return jdbc.sql("""
                                insert into relay_lease (owner, until) values (:owner, now() + :millis * interval '1 millisecond')
                                on conflict (id) do update set owner = excluded.owner, until = excluded.until
                                where relay_lease.owner = excluded.owner or relay_lease.until < now()
                                   or relay_lease.until > now() + 2 * :millis * interval '1 millisecond'
                                """)
                        .param("owner", owner)
                        .param("millis", duration.toMillis())
                        .update()
                == 1;
    }

    /** Leaves it to the others at once. */
    void release(String owner) {
        jdbc.sql("delete from relay_lease where owner = :owner")
                .param("owner", owner)
                .update();
    }
}
