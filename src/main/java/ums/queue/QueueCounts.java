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
import ums.channel.Channels;
import ums.counting.SegmentedCount;
import ums.counting.SegmentedCount.Step;

/**
 * How many entries are in the queue and how long the oldest has waited. The cost hardly depends on how many there are, as no
 * statement scans more than a few thousand entries of a partial index. Called every two seconds.
 *
 * <p>If an old snapshot keeps dead index entries, only a {@link FullScan} reads them. The scans between two of these begin at
 * the {@link Floor} of a priority, and at the {@link OldestClaim}.
 */
@Repository
public class QueueCounts {

    private static final int MOST_PROCESSING = 100_000;
    private static final int MOST_ON_TOPIC = 100_000;
    private static final int STEP = 1_000;
    private static final int MOST_STEPS = 50;

    /** Ready entries that were delayed before. */
    private static final String RELEASED = "due_since is not null";

    private static final String DELAYED = "state = 'DELAYED'";

    private final JdbcClient jdbc;
    private final OldestClaim oldestClaim;
    private final FullScan fullScan;
    private final List<Floor> floors;
    private final List<SegmentedCount<Long>> neverDelayed;
    private final SegmentedCount<Due> released;
    private final SegmentedCount<Due> delayed;
    private boolean full = true;

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
        this.neverDelayed = floors.stream()
                .map(floor -> new SegmentedCount<Long>((after, upTo, max) -> ready(floor, after, upTo, max)))
                .toList();
        this.released = new SegmentedCount<>((after, upTo, max) -> byTime("due_since", RELEASED, after, upTo, max));
        this.delayed = new SegmentedCount<>((after, upTo, max) -> byTime("next_attempt_at", DELAYED, after, upTo, max));
    }

    /** Exact up to 10,000 of a state, and within a tenth above. */
    public synchronized Counts count() {
        full = fullScan.isDue();
        return full ? fullScan.run(this::countAll) : countAll();
    }

    private Counts countAll() {
        long ready = neverDelayed.stream().mapToLong(SegmentedCount::count).sum() + released.count() + onTopic();
        return new Counts(ready, delayed.count(), processing());
    }

    /**
     * When the oldest due entry became due; empty if none is due. Claimed entries are not counted, as they no longer wait.
     */
    public synchronized Optional<Instant> oldestDue(Instant now) {
        return Stream.of(
                        oldestNeverDelayed(),
                        first("due_since", RELEASED),
                        first("next_attempt_at", DELAYED),
                        relayed())
                .flatMap(Optional::stream)
                .filter(it -> !it.isAfter(now))
                .min(Instant::compareTo);
    }

    /** The ready entries of a priority, of which only those that were never delayed are counted. */
    private Step<Long> ready(Floor floor, @Nullable Long after, @Nullable Long upTo, int max) {
        return jdbc.sql("""
                        select count(*) as entries, count(*) filter (where due_since is null) as never_delayed, max(id) as last
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
                        row.getInt("entries"), row.getInt("never_delayed"), row.getObject("last", Long.class)))
                .single();
    }

    /** The entries of an index by time and id. */
    private Step<Due> byTime(String column, String condition, @Nullable Due after, @Nullable Due upTo, int max) {
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
                        """.formatted(column, condition))
                .param("fromTime", from.at())
                .param("fromId", from.id())
                .param("toTime", to.at())
                .param("toId", to.id())
                .param("max", max)
                .query((row, _) -> new Step<>(row.getInt("entries"), new Due(row.getString("at"), row.getLong("id"))))
                .optional()
                .orElse(new Step<>(0, null));
    }

    /** Entries on the topic count as ready. The relay bounds how many there are; without Kafka there are none. */
    private long onTopic() {
        return jdbc.sql("""
                        select count(*) from (select from outbox where state = 'RELAYED' limit :max) relayed
                        """).param("max", MOST_ON_TOPIC).query(Long.class).single();
    }

    /** When the first entry on the topic was relayed. It became due earlier, by no more than the relay's delay. */
    private Optional<Instant> relayed() {
        return jdbc.sql("select relayed_at from outbox where state = 'RELAYED' order by relayed_at limit 1")
                .query((row, _) ->
                        row.getObject("relayed_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    /**
     * The number of claimed entries, which the permits of all processes bound. The next scan begins at the oldest claim found
     * here, but at least five seconds back, as a claim gets its time before its commit.
     */
    private long processing() {
        Processing found = jdbc.sql("""
                        select count(*) as claimed, least(min(since), now() - interval '5 seconds')::text as oldest
                        from (
                            select processing_started_at as since from outbox
                            where state = 'PROCESSING' and processing_started_at >= :since::timestamptz
                            order by processing_started_at limit :max) claim
                        """)
                .param("since", full ? OldestClaim.BEGINNING : oldestClaim.since())
                .param("max", MOST_PROCESSING)
                .query((row, _) -> new Processing(row.getLong("claimed"), row.getString("oldest")))
                .single();
        oldestClaim.found(found.oldest);
        return found.claimed;
    }

    /** Ids rise with age, nearly, so the first entry of each priority is taken for its oldest. */
    private Optional<Instant> oldestNeverDelayed() {
        long last = jdbc.sql("select coalesce(max(id), 0) from outbox")
                .query(Long.class)
                .single();
        return floors.stream()
                .flatMap(floor -> oldestNeverDelayed(floor, last).stream())
                .min(Instant::compareTo);
    }

    /** Entries that were delayed before may be first in the index; they are skipped. */
    private Optional<Instant> oldestNeverDelayed(Floor floor, long last) {
        Oldest found = oldest(floor, floor.begin());
        for (int steps = 1; found.oldest == null && found.entries == STEP && steps < MOST_STEPS; steps++) {
            found = oldest(floor, found.last);
        }
        if (found.oldest != null) {
            floor.found(found.first - 1);
        } else if (found.entries < STEP) {
            floor.found(last);
        } else {
            floor.passedOver(found.last);
        }
        return Optional.ofNullable(found.oldest);
    }

    private Oldest oldest(Floor floor, long after) {
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
                .param("max", STEP)
                .query((row, _) ->
                        new Oldest(row.getInt("entries"), row.getLong("last"), row.getLong("first"), instant(row)))
                .single();
    }

    private Optional<Instant> first(String column, String condition) {
        return jdbc.sql("select %1$s as oldest from outbox where %2$s order by %1$s limit 1"
                        .formatted(column, condition))
                .query((row, _) -> instant(row))
                .optional();
    }

    private static @Nullable Instant instant(ResultSet row) throws SQLException {
        OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
        return oldest == null ? null : oldest.toInstant();
    }

    /**
     * How many entries there are.
     *
     * @param ready entries that may be claimed, those on a topic included
     * @param delayed entries that wait for their scheduled time or their next attempt
     * @param processing claimed entries
     */
    public record Counts(long ready, long delayed, long processing) {}

    /**
     * The id behind which all ready entries of a channel and priority are that were never delayed. It rises one scan late, as
     * ids are assigned before their entries are committed.
     */
    private final class Floor {

        private final String channel;
        private final int priority;
        private long current;
        private long next;

        private Floor(String channel, int priority) {
            this.channel = channel;
            this.priority = priority;
        }

        private long begin() {
            return full ? 0 : current;
        }

        private void found(long floor) {
            current = Math.min(next, floor);
            next = floor;
        }

        /** Only skipped entries so far: the next scan goes on where this one, or an earlier one, ended. */
        private void passedOver(long last) {
            found(Math.max(next, last));
        }
    }

    /** @param at as the database writes it, so that it is not rounded */
    private record Due(String at, long id) {

        private static final Due FIRST = new Due("-infinity", 0);
        private static final Due LAST = new Due("infinity", Long.MAX_VALUE);
    }

    private record Processing(long claimed, String oldest) {}

    /**
     * One step of the search for the oldest entry that was never delayed.
     *
     * @param entries how many entries it scanned
     * @param last the id of the last one
     * @param first the id of the first one that was never delayed, or 0
     * @param oldest when the oldest of these was created
     */
    private record Oldest(
            int entries, long last, long first, @Nullable Instant oldest) {}
}
