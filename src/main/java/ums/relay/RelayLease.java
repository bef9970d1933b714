package ums.relay;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The lease that decides which of several processes relays. It avoids duplicate records and protects nothing: entries
 * that two processes relay at once are still claimed only once.
 */
@Repository
class RelayLease {

    private final JdbcClient jdbc;

    RelayLease(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes or renews the lease, by the database's clock. A lease that ends later than any lease can was taken before
     * that clock was set back, and is taken over.
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

    /** Releases the lease at once, for another process to take. */
    void release(String owner) {
        jdbc.sql("delete from relay_lease where owner = :owner")
                .param("owner", owner)
                .update();
    }
}
