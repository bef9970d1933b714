package ums.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.counting.SegmentedCount;
import ums.counting.SegmentedCount.Step;

/**
 * How much is in the queue and how long it has waited, at a cost that hardly depends on how much that is: no statement goes
 * through more than a few thousand entries of a partial index. Called every other second by the one who samples.
 *
 * <p>Where an old snapshot keeps the remains of all that was in the queue before, they are gone through by a {@link FullScan}
 * only. Between two of those a look begins at the {@link Floor} of a priority, and at the {@link OldestClaim}.
 */
@Repository
public class QueueCounts {

    private static final int MOST_PROCESSING = 100_000;
    private static final int MOST_ON_TOPIC = 100_000;
    private static final int LOOKED_AT = 1_000;
    private static final int MOST_STEPS = 50;

    /** Ready entries that were delayed before. */
    private static final String RELEASED = "due_since is not null";

    private static final String DELAYED = "state = 'DELAYED'";

    private final JdbcClient jdbc;
    private final OldestClaim oldestClaim;
    private final FullScan fullScan;
    private final List<Floor> floors;
    private final List<SegmentedCount<Long>> neverPutOff;
    private final SegmentedCount<Due> released;
    private final SegmentedCount<Due> delayed;
    private boolean whole = true;

    @Autowired
    QueueCounts(JdbcClient jdbc, Channels channels, OldestClaim oldestClaim) {
        this(jdbc, channels, oldestClaim, FullScan.periodic(System::nanoTime));
    }

    QueueCounts(JdbcClient jdbc, Channels channels, OldestClaim oldestClaim, FullScan fullScan) {
        this.jdbc = jdbc;
        this.oldestClaim = oldestClaim;
        this.fullScan = fullScan;
        this.floors = channels.names().stream()
                .flatMap(channel -> Stream.of(Priority.values()).map(it -> new Floor(channel, it.ordinal())))
                .toList();
        this.neverPutOff = floors.stream()
                .map(floor -> new SegmentedCount<Long>((after, upTo, max) -> ready(floor, after, upTo, max)))
                .toList();
        this.released = new SegmentedCount<>((after, upTo, max) -> byTime("due_since", RELEASED, after, upTo, max));
        this.delayed = new SegmentedCount<>((after, upTo, max) -> byTime("next_attempt_at", DELAYED, after, upTo, max));
    }

    /** Exact up to 10,000 of a state, and within a tenth above. */
    public synchronized Counts count() {
        whole = fullScan.isDue();
        return whole ? fullScan.take(this::countAll) : countAll();
    }

    private Counts countAll() {
        long ready = neverPutOff.stream().mapToLong(SegmentedCount::count).sum() + released.count() + onTopic();
        return new Counts(ready, delayed.count(), processing());
    }

    /**
     * Since when the order that has waited longest has been due; empty where none is due. Orders that are claimed do not
     * wait.
     */
    public synchronized Optional<Instant> oldestDue(Instant now) {
        return Stream.of(
                        oldestNeverPutOff(), first("due_since", RELEASED), first("next_attempt_at", DELAYED), relayed())
                .flatMap(Optional::stream)
                .filter(it -> !it.isAfter(now))
                .min(Instant::compareTo);
    }

    private Step<Long> ready(Floor floor, @Nullable Long after, @Nullable Long upTo, int max) {
        return jdbc.sql("""
                        select count(*) as entries, count(*) filter (where due_since is null) as never_put_off, max(id) as last
                        from (
                            select id, due_since from outbox
                            where state = 'READY' and channel = :channel
                              and (priority, id) > (:priority::smallint, :after)
                              and (priority, id) <= (:priority::smallint, :upTo)
                            order by priority, id limit :max) step
                        """)
                .param("channel", floor.channel)
                .param("priority", floor.priority)
                .param("after", after == null ? floor.begin() : after)
                .param("upTo", upTo == null ? Long.MAX_VALUE : upTo)
                .param("max", max)
                .query((row, _) -> new Step<>(
                        row.getInt("entries"), row.getInt("never_put_off"), row.getObject("last", Long.class)))
                .single();
    }

    /** Those of an index by time and number. */
    private Step<Due> byTime(String column, String which, @Nullable Due after, @Nullable Due upTo, int max) {
        Due from = after == null ? Due.FIRST : after;
        Due to = upTo == null ? Due.LAST : upTo;
        return jdbc.sql("""
                        with step as materialized (
                            select %1$s, id from outbox
                            where %2$s
                              and (%1$s, id) > (:fromTime::timestamptz, :fromId)
                              and (%1$s, id) <= (:toTime::timestamptz, :toId)
                            order by %1$s, id limit :max)
                        select (select count(*) from step) as entries, %1$s::text as at, id
                        from step order by %1$s desc, id desc limit 1
                        """.formatted(column, which))
                .param("fromTime", from.at())
                .param("fromId", from.id())
                .param("toTime", to.at())
                .param("toId", to.id())
                .param("max", max)
                .query((row, _) -> new Step<>(row.getInt("entries"), new Due(row.getString("at"), row.getLong("id"))))
                .optional()
                .orElse(new Step<>(0, null));
    }

    /** Ready as well, and bounded by the relay; none without Kafka. */
    private long onTopic() {
        return jdbc.sql("""
                        select count(*) from (select from outbox where state = 'RELAYED' limit :max) relayed
                        """).param("max", MOST_ON_TOPIC).query(Long.class).single();
    }

    /** Due since before it was relayed, by no more than the relay was behind. */
    private Optional<Instant> relayed() {
        return jdbc.sql("select relayed_at from outbox where state = 'RELAYED' order by relayed_at limit 1")
                .query((row, _) ->
                        row.getObject("relayed_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    /**
     * The permits of all processes bound it. The next look begins at the oldest there is, and in any case where a claim may have
     * been stamped and not yet committed.
     */
    private long processing() {
        Processing found = jdbc.sql("""
                        select count(*) as claimed, least(min(since), now() - interval '5 seconds')::text as oldest
                        from (
                            select processing_started_at as since from outbox
                            where state = 'PROCESSING' and processing_started_at >= :since::timestamptz
                            order by processing_started_at limit :max) claim
                        """)
                .param("since", whole ? OldestClaim.BEGINNING : oldestClaim.since())
                .param("max", MOST_PROCESSING)
                .query((row, _) -> new Processing(row.getLong("claimed"), row.getString("oldest")))
                .single();
        oldestClaim.found(found.oldest);
        return found.claimed;
    }

    /** By number they are nearly in the order of their age, so that the first of each priority will do. */
    private Optional<Instant> oldestNeverPutOff() {
        long last = jdbc.sql("select coalesce(max(id), 0) from outbox")
                .query(Long.class)
                .single();
        return floors.stream()
                .flatMap(floor -> oldestNeverPutOff(floor, last).stream())
                .min(Instant::compareTo);
    }

    /** Those in front of the first that were put off once are passed over. */
    private Optional<Instant> oldestNeverPutOff(Floor floor, long last) {
        Look look = look(floor, floor.begin());
        for (int steps = 1; look.oldest == null && look.entries == LOOKED_AT && steps < MOST_STEPS; steps++) {
            look = look(floor, look.last);
        }
        if (look.oldest != null) {
            floor.found(look.first - 1);
        } else if (look.entries < LOOKED_AT) {
            floor.found(last);
        } else {
            floor.passedOver(look.last);
        }
        return Optional.ofNullable(look.oldest);
    }

    private Look look(Floor floor, long after) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, created_at, due_since from outbox
                            where state = 'READY' and channel = :channel
                              and (priority, id) > (:priority::smallint, :after) and priority <= :priority
                            order by priority, id limit :max)
                        select count(*) as entries, coalesce(max(id), 0) as last,
                            coalesce(min(id) filter (where due_since is null), 0) as first,
                            min(created_at) filter (where due_since is null) as oldest
                        from step
                        """)
                .param("channel", floor.channel)
                .param("priority", floor.priority)
                .param("after", after)
                .param("max", LOOKED_AT)
                .query((row, _) ->
                        new Look(row.getInt("entries"), row.getLong("last"), row.getLong("first"), instant(row)))
                .single();
    }

    private Optional<Instant> first(String column, String which) {
        return jdbc.sql("select %1$s as oldest from outbox where %2$s order by %1$s limit 1".formatted(column, which))
                .query((row, _) -> instant(row))
                .optional();
    }

    private static @Nullable Instant instant(ResultSet row) throws SQLException {
        OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
        return oldest == null ? null : oldest.toInstant();
    }

    /**
     * How many orders there are.
     *
     * @param ready may be claimed
     * @param delayed wait for their time, or for their next attempt
     * @param processing claimed
     */
    public record Counts(long ready, long delayed, long processing) {}

    /**
     * The number behind which all of a channel's priority stand that are ready and were never put off. It rises one look late, as orders
     * are numbered before they are committed.
     */
    private final class Floor {

        private final String channel;
        private final int priority;
        private long now;
        private long next;

        private Floor(String channel, int priority) {
            this.channel = channel;
            this.priority = priority;
        }

        private long begin() {
            return whole ? 0 : now;
        }

        private void found(long floor) {
            now = Math.min(next, floor);
            next = floor;
        }

        /** There may be some behind it: the next look goes on where this one, or an earlier one, ended. */
        private void passedOver(long last) {
            found(Math.max(next, last));
        }
    }

    /** @param at as the database writes it, so that nothing of it is rounded */
    private record Due(String at, long id) {

        private static final Due FIRST = new Due("-infinity", 0);
        private static final Due LAST = new Due("infinity", Long.MAX_VALUE);
    }

    private record Processing(long claimed, String oldest) {}

    /**
     * @param first the first that was never put off, where there is one
     * @param oldest when one of those was made, at the earliest
     */
    private record Look(
            int entries, long last, long first, @Nullable Instant oldest) {}
}
