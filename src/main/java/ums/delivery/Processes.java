package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.queue.ProcessBeat;

/** The processes that claim and send, by their heartbeats. */
@Repository
public class Processes {

    private final JdbcClient jdbc;

    Processes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The processes that have not deregistered, those with the nearest heartbeats first, 100 at most. For the console. */
    public List<Process> list() {
        return jdbc.sql("""
                        select id, started_at, abs(extract(epoch from now() - beat_at)) as age
                        from process order by age, started_at, id limit 100
                        """)
                .query((row, _) -> new Process(
                        row.getString("id"),
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        Duration.ofMillis(Math.round(row.getDouble("age") * 1_000))))
                .list();
    }

    /** The last heartbeats, the oldest first by the database's clock. */
    List<ProcessBeat> beats(int max) {
        return jdbc.sql("select id, beat_at::text as at from process order by beat_at, id limit :max")
                .param("max", max)
                .query((row, _) -> new ProcessBeat(row.getString("id"), row.getString("at")))
                .list();
    }

    /** Removes processes whose heartbeat is still the given one. */
    void remove(List<ProcessBeat> dead) {
        if (dead.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        delete from process p
                        using unnest(:processes, :beats) as dead (id, beat_at)
                        where p.id = dead.id and p.beat_at = dead.beat_at
                        """)
                .param("processes", array("text", dead.stream().map(ProcessBeat::process)))
                .param("beats", array("timestamptz", dead.stream().map(ProcessBeat::at)))
                .update();
    }

    private static SqlArrayValue array(String type, Stream<String> values) {
        return new SqlArrayValue(type, values.toArray());
    }

    /**
     * A process.
     *
     * @param id the owner of its claims
     * @param startedAt when its first heartbeat was written
     * @param heartbeatAge how far its last heartbeat is from now, by the database's clock, which may have been set back since
     */
    public record Process(String id, Instant startedAt, Duration heartbeatAge) {}
}
