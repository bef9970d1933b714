package ums.throughput;

import static java.time.ZoneOffset.UTC;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.throughput.Throughput.Counts;
import ums.throughput.Throughput.Point;

/** The SQL on throughput. */
@Repository
class ThroughputRepository {

    private final JdbcClient jdbc;

    ThroughputRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void write(Instant at, UUID process, Counts counts) {
        jdbc.sql("""
                        insert into throughput (at, process, accepted, sent, failed)
                        values (:at, :process, :accepted, :sent, :failed)
                        on conflict (at, process) do update
                        set accepted = throughput.accepted + excluded.accepted, sent = throughput.sent + excluded.sent,
                            failed = throughput.failed + excluded.failed
                        """)
                .param("at", at.atOffset(UTC))
                .param("process", process)
                .param("accepted", counts.accepted())
                .param("sent", counts.sent())
                .param("failed", counts.failed())
                .update();
    }

    List<Point> points(Instant from, Instant to, Duration step) {
        double seconds = step.toSeconds();
        return jdbc.sql("""
                        select step.at, coalesce(sum(t.accepted), 0) as accepted, coalesce(sum(t.sent), 0) as sent,
                            coalesce(sum(t.failed), 0) as failed
                        from generate_series(:from::timestamptz, :to::timestamptz - :step * interval '1 second',
                                :step * interval '1 second') as step (at)
                            left join (
                                select date_bin(:step * interval '1 second', at, :from::timestamptz) as at, accepted, sent, failed
                                from throughput where at >= :from and at < :to) t on t.at = step.at
                        group by step.at order by step.at
                        """)
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .param("step", seconds)
                .query((row, _) -> new Point(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getLong("accepted") / seconds,
                        row.getLong("sent") / seconds,
                        row.getLong("failed") / seconds))
                .list();
    }

    void removeBefore(Instant at) {
        jdbc.sql("delete from throughput where at < :at")
                .param("at", at.atOffset(UTC))
                .update();
    }
}
