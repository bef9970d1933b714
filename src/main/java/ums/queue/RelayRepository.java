package ums.queue;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.queue.QueueRepository.Ready;

/** The SQL by which entries are relayed to a topic and claimed from it. */
@Repository
class RelayRepository {

    private static final Priority[] PRIORITIES = Priority.values();

    /** The scan of {@link ClaimRepository}, each priority behind its own mark, but without locks. */
    private static final String READY = """
            (select id, aggregate_id, channel, priority, attempt_count, created_at from outbox
             where state = 'READY' and channel = :channel
               and (priority, id) > (%1$s::smallint, :mark%1$s) and priority <= %1$s
               and form <= :form and (expires_at is null or expires_at > :now)
             order by priority, id
             limit :max)
            """;

    private static final String EACH_PRIORITY =
            IntStream.range(0, PRIORITIES.length).mapToObj(READY::formatted).collect(Collectors.joining(" union all "));

    private static final Comparator<RelayedEntry> ORDER =
            Comparator.comparing(RelayedEntry::priority).thenComparing(RelayedEntry::outboxId);

    private final JdbcClient jdbc;

    RelayRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A channel's entries by priority, then the oldest first. PostgreSQL does not scan the lower priorities if the higher ones have enough entries.
     */
    List<RelayedEntry> ready(String channel, int max, Instant now, long[] marks) {
        return scan("select * from (" + EACH_PRIORITY + ") queue limit :max", channel, max, now, marks);
    }

    /** A channel's oldest entries, whatever their priority. */
    List<RelayedEntry> oldest(String channel, int max, Instant now, long[] marks) {
        return scan("select * from (" + EACH_PRIORITY + ") heads order by id limit :max", channel, max, now, marks);
    }

    private List<RelayedEntry> scan(String sql, String channel, int max, Instant now, long[] marks) {
        return jdbc
                .sql(sql)
                .param("max", max)
                .param("now", now.atOffset(UTC))
                .param("mark0", marks[0])
                .param("mark1", marks[1])
                .param("mark2", marks[2])
                .param("channel", channel)
                .param("form", NewEntry.FORM)
                .query((row, _) -> entry(row))
                .list()
                .stream()
                .sorted(ORDER)
                .toList();
    }

    /**
     * Locks rows in the order in which {@link #claim} does, so that the two do not deadlock: workers often claim before this
     * runs.
     */
    void published(Collection<Long> ids) {
        jdbc.sql("""
                        update outbox set state = 'RELAYED', due_since = null, published_at = now(), relayed_at = now()
                        where id = any (array(
                            select id from outbox
                            where id = any (:ids) and state || '' = 'READY'
                            order by id
                            for update))
                        """).param("ids", array(ids)).update();
    }

    int onTopic() {
        return jdbc.sql("select count(*) from outbox where state = 'RELAYED'")
                .query(Integer.class)
                .single();
    }

    /** Nothing in a claimed row says that it was on the topic. The event PROCESSING is written in the same statement. */
    List<Claim> claim(UUID token, Claimant by, Collection<Long> ids, Instant now) {
        return jdbc
                .sql("""
                        with claimed as (
                            update outbox
                            set state = 'PROCESSING', due_since = null, processing_started_at = now(), claim_token = :token,
                                claimed_by = :owner, attempt_count = attempt_count + 1,
                                in_doubt = not coalesce(review, :reviews), published_at = null, relayed_at = null,
                                provider = :providers::jsonb ->> channel
                            where id = any (array(
                                select id from outbox
                                where id = any (:ids) and state || '' in ('READY', 'RELAYED')
                                  and form <= :form and (expires_at is null or expires_at > :now)
                                order by id
                                for update))
                            returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, priority,
                                provider),
                        event as (
                            insert into message_event (message_id, status, at, attempt)
                            select m.id, 'PROCESSING', date_trunc('milliseconds', claimed.processing_started_at), m.attempt_count + 1
                            from claimed join message m on m.id = claimed.aggregate_id)
                        select * from claimed
                        """)
                .param("token", token)
                .param("owner", by.process())
                .param("reviews", by.reviews())
                .param("providers", by.providers())
                .param("ids", array(ids))
                .param("now", now.atOffset(UTC))
                .param("form", NewEntry.FORM)
                .query((row, _) -> Ranked.of(row))
                .list()
                .stream()
                .sorted(Ranked.ORDER)
                .map(Ranked::claim)
                .toList();
    }

    /** An entry with a time in the future was relayed before the database's clock was set back. */
    List<Ready> rescue(Duration age, int max) {
        return jdbc.sql("""
                        update outbox set state = 'READY', published_at = null, relayed_at = null
                        where id = any (array(
                            select id from (
                                select id from (
                                    select id from outbox
                                    where state = 'RELAYED' and relayed_at <= now() - :age * interval '1 millisecond'
                                    order by relayed_at
                                    limit :max
                                    for update skip locked) old
                                union all
                                select id from (
                                    select id from outbox
                                    where state = 'RELAYED' and relayed_at > now() + interval '1 minute'
                                    order by relayed_at
                                    limit :max
                                    for update skip locked) future) stale
                            limit :max))
                        returning id, channel, priority
                        """)
                .param("age", age.toMillis())
                .param("max", max)
                .query((row, _) -> new Ready(row.getLong("id"), row.getString("channel"), row.getInt("priority")))
                .list();
    }

    private static RelayedEntry entry(ResultSet row) throws SQLException {
        return new RelayedEntry(
                row.getLong("id"),
                row.getObject("aggregate_id", UUID.class),
                row.getString("channel"),
                PRIORITIES[row.getInt("priority")],
                row.getInt("attempt_count"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static SqlArrayValue array(Collection<Long> ids) {
        return new SqlArrayValue("bigint", ids.toArray());
    }
}
