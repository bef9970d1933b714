package ums.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The processes that claim and send, by their heartbeats. */
@Repository
public class Processes {

    private final JdbcClient jdbc;

    Processes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All that have not said goodbye, the oldest first. Called by those who look. */
    public List<Process> list() {
        return jdbc.sql("""
                        select id, started_at, extract(epoch from now() - beat_at) as silence
                        from process order by started_at, id limit 100
                        """)
                .query((row, _) -> new Process(
                        row.getString("id"),
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        Duration.ofMillis(Math.max(0, Math.round(row.getDouble("silence") * 1_000)))))
                .list();
    }

    /**
     * A process.
     *
     * @param id as claims are signed
     * @param startedAt when it was first heard of
     * @param silence how long ago it was last heard of, by the database's clock
     */
    public record Process(String id, Instant startedAt, Duration silence) {}
}
