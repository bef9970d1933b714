package ums.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.counting.SegmentedCount;
import ums.counting.SegmentedCount.Step;

/**
 * How much is in the queue and how long it has waited, at a cost that hardly depends on how much that is: no statement goes
 * through more than a few thousand entries of a partial index. Called every other second by the one who samples.
 */
@Repository
public class QueueCounts {

    private static final int MOST_PROCESSING = 100_000;
    private static final int MOST_ON_TOPIC = 100_000;
    private static final int LOOKED_AT = 1_000;
    private static final int MOST_STEPS = 50;
    private static final int FROM_THE_BEGINNING = 30;

    private final JdbcClient jdbc;
    private final SegmentedCount<Ready> ready;
    private final SegmentedCount<Delayed> delayed;
    private final List<Long> behind = new ArrayList<>(List.of(0L, 0L, 0L));
    private int looks;

    QueueCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.ready = new SegmentedCount<>(this::ready);
        this.delayed = new SegmentedCount<>(this::delayed);
    }

    /** Exact up to 10,000 of a state, and within a tenth above. */
    public synchronized Counts count() {
        return new Counts(ready.count() + onTopic(), delayed.count(), processing());
    }

    /**
     * Since when the order that has waited longest has been due; empty where none is due. Orders that are claimed do not
     * wait.
     */
    public synchronized Optional<Instant> oldestDue(Instant now) {
        return Stream.of(neverPutOff(), released(), putOff(), relayed())
                .flatMap(Optional::stream)
                .filter(it -> !it.isAfter(now))
                .min(Instant::compareTo);
    }

    private Step<Ready> ready(@Nullable Ready after, @Nullable Ready upTo, int max) {
        Ready from = after == null ? Ready.FIRST : after;
        Ready to = upTo == null ? Ready.LAST : upTo;
        return jdbc.sql("""
                        select count(*) as entries, max(priority::bigint << 48 | id) as last
                        from (
                            select priority, id from outbox
                            where not published and processing_started_at is null and next_attempt_at is null
                              and (priority, id) > (:fromPriority::smallint, :fromId)
                              and (priority, id) <= (:toPriority::smallint, :toId)
                            order by priority, id limit :max) step
                        """)
                .param("fromPriority", from.priority())
                .param("fromId", from.id())
                .param("toPriority", to.priority())
                .param("toId", to.id())
                .param("max", max)
                .query((row, _) -> new Step<>(row.getInt("entries"), Ready.of(row.getLong("last"))))
                .single();
    }

    private Step<Delayed> delayed(@Nullable Delayed after, @Nullable Delayed upTo, int max) {
        Delayed from = after == null ? Delayed.FIRST : after;
        Delayed to = upTo == null ? Delayed.LAST : upTo;
        return jdbc.sql("""
                        with step as materialized (
                            select next_attempt_at, id from outbox
                            where not published and processing_started_at is null and next_attempt_at is not null
                              and (next_attempt_at, id) > (:fromTime::timestamptz, :fromId)
                              and (next_attempt_at, id) <= (:toTime::timestamptz, :toId)
                            order by next_attempt_at, id limit :max)
                        select (select count(*) from step) as entries, next_attempt_at::text as at, id
                        from step order by next_attempt_at desc, id desc limit 1
                        """)
                .param("fromTime", from.at())
                .param("fromId", from.id())
                .param("toTime", to.at())
                .param("toId", to.id())
                .param("max", max)
                .query((row, _) ->
                        new Step<>(row.getInt("entries"), new Delayed(row.getString("at"), row.getLong("id"))))
                .optional()
                .orElse(new Step<>(0, null));
    }

    /** Ready as well, and bounded by the relay; none without Kafka. */
    private long onTopic() {
        return jdbc.sql("""
                        select count(*) from (select from outbox where relayed_at is not null limit :max) relayed
                        """).param("max", MOST_ON_TOPIC).query(Long.class).single();
    }

    /** Due since before it was relayed, by no more than the relay was behind. */
    private Optional<Instant> relayed() {
        return jdbc.sql("select relayed_at from outbox where relayed_at is not null order by relayed_at limit 1")
                .query((row, _) ->
                        row.getObject("relayed_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    /** The permits of all processes bound it. */
    private long processing() {
        return jdbc.sql("""
                        select count(*) from (
                            select from outbox where processing_started_at is not null limit :max) claimed
                        """).param("max", MOST_PROCESSING).query(Long.class).single();
    }

    /**
     * By number they are nearly in the order of their age, so that the first of each priority will do. Those in front of
     * them that were put off once are passed over, and passed over for a minute: none is ever added there but by a
     * transaction that takes long.
     */
    private Optional<Instant> neverPutOff() {
        if (looks++ % FROM_THE_BEGINNING == 0) {
            behind.replaceAll(_ -> 0L);
        }
        List<Instant> oldest = new ArrayList<>();
        for (int priority = 0; priority < behind.size(); priority++) {
            Look look = look(priority, behind.get(priority));
            for (int steps = 1; look.oldest == null && look.entries == LOOKED_AT && steps < MOST_STEPS; steps++) {
                behind.set(priority, look.last);
                look = look(priority, look.last);
            }
            if (look.oldest != null) {
                oldest.add(look.oldest);
            }
        }
        return oldest.stream().min(Instant::compareTo);
    }

    private Look look(int priority, long after) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, created_at, due_since from outbox
                            where not published and processing_started_at is null and next_attempt_at is null
                              and (priority, id) > (:priority::smallint, :after) and priority <= :priority
                            order by priority, id limit :max)
                        select count(*) as entries, coalesce(max(id), 0) as last,
                            min(created_at) filter (where due_since is null) as oldest
                        from step
                        """)
                .param("priority", priority)
                .param("after", after)
                .param("max", LOOKED_AT)
                .query((row, _) -> new Look(row.getInt("entries"), row.getLong("last"), instant(row)))
                .single();
    }

    private Optional<Instant> released() {
        return first("""
                select due_since as oldest from outbox
                where not published and processing_started_at is null and next_attempt_at is null
                  and due_since is not null
                order by due_since limit 1
                """);
    }

    private Optional<Instant> putOff() {
        return first("""
                select next_attempt_at as oldest from outbox
                where not published and processing_started_at is null and next_attempt_at is not null
                order by next_attempt_at limit 1
                """);
    }

    private Optional<Instant> first(String sql) {
        return jdbc.sql(sql).query((row, _) -> instant(row)).optional();
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

    private record Ready(int priority, long id) {

        private static final Ready FIRST = new Ready(-1, 0);
        private static final Ready LAST = new Ready(Short.MAX_VALUE, 0);
        private static final int PRIORITY_BITS = 48;

        /** @param key both in one number, as the query puts them together */
        private static Ready of(long key) {
            return new Ready((int) (key >>> PRIORITY_BITS), key & (1L << PRIORITY_BITS) - 1);
        }
    }

    /** @param at as the database writes it, so that nothing of it is rounded */
    private record Delayed(String at, long id) {

        private static final Delayed FIRST = new Delayed("-infinity", 0);
        private static final Delayed LAST = new Delayed("infinity", Long.MAX_VALUE);
    }

    private record Look(int entries, long last, @Nullable Instant oldest) {}
}
