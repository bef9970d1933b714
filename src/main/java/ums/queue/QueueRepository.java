package ums.queue;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The SQL on the outbox, except for claims ({@link ClaimRepository}), the relay ({@link RelayRepository}), and the statement
 * that inserts a message together with its entry. The query plans are in bench/notes/plans.md.
 */
@Repository
class QueueRepository {

    private final JdbcClient jdbc;
    private final NamedParameterJdbcOperations batches;

    QueueRepository(JdbcClient jdbc, NamedParameterJdbcOperations batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    boolean isOpen(UUID aggregateId) {
        return jdbc.sql("select exists (select from outbox where aggregate_id = :aggregateId and open)")
                .param("aggregateId", aggregateId)
                .query(Boolean.class)
                .single();
    }

    /** RELAYED entries are counted before READY ones, in the order in which they were relayed. */
    Optional<QueuePosition> position(UUID aggregateId) {
        return jdbc.sql("""
                        select
                            least(:max, case when mine.state = 'READY'
                                then (select count(*) from outbox where state = 'RELAYED')
                                    + (select count(*) from (
                                        select from outbox o
                                        where o.state = 'READY' and o.channel = mine.channel
                                          and (o.priority, o.id) < (mine.priority, mine.id)
                                        order by o.priority, o.id
                                        limit :max) before)
                                else (
                                    select count(*) - 1 from outbox o
                                    where o.state = 'RELAYED' and o.relayed_at <= mine.relayed_at)
                                end) as ahead,
                            exists (
                                select from process
                                where beat_at between now() - interval '1 minute' and now() + interval '1 minute') as attended
                        from outbox mine
                        where mine.aggregate_id = :aggregateId and mine.open
                          and mine.state || '' in ('READY', 'RELAYED')
                        """)
                .param("aggregateId", aggregateId)
                .param("max", QueuePosition.MOST_COUNTED)
                .query((row, _) -> new QueuePosition(row.getInt("ahead"), row.getBoolean("attended")))
                .optional();
    }

    void insert(List<NewEntry> entries) {
        batches.batchUpdate("""
                insert into outbox (aggregate_id, channel, form, priority, state, created_at, next_attempt_at, expires_at, review)
                values (:aggregateId, :channel, :form, :priority, case when :notBefore::timestamptz is null then 'READY' else 'DELAYED' end,
                    :createdAt, :notBefore, :expiresAt, :review)
                """, entries.stream().map(QueueRepository::row).toArray(SqlParameterSource[]::new));
    }

    private static SqlParameterSource row(NewEntry entry) {
        return new MapSqlParameterSource()
                .addValue("aggregateId", entry.aggregateId())
                .addValue("channel", entry.channel())
                .addValue("form", entry.form())
                .addValue("priority", entry.priority().ordinal())
                .addValue("createdAt", entry.createdAt().atOffset(UTC))
                .addValue("notBefore", utc(entry.notBefore()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("expiresAt", utc(entry.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("review", entry.review(), Types.BOOLEAN);
    }

    /** Waits for a claim of the row that is being made, and then finds the row claimed: exactly one of the two wins. */
    Optional<Withdrawn> withdraw(UUID aggregateId) {
        return jdbc.sql("""
                        update outbox
                        set state = 'DONE', published_at = now(), next_attempt_at = null, due_since = null, relayed_at = null
                        where aggregate_id = :aggregateId and open and claim_token is null
                        returning id, aggregate_id
                        """)
                .param("aggregateId", aggregateId)
                .query(QueueRepository::withdrawn)
                .optional();
    }

    List<Withdrawn> expire(Instant now, int max) {
        return jdbc.sql("""
                        update outbox
                        set state = 'DONE', published_at = now(), next_attempt_at = null, due_since = null, relayed_at = null
                        where id = any (array(
                            select id from outbox
                            where state <> 'DONE' and expires_at <= :now and claim_token is null
                            order by expires_at
                            limit :max
                            for update skip locked))
                        returning id, aggregate_id
                        """)
                .param("now", now.atOffset(UTC))
                .param("max", max)
                .query(QueueRepository::withdrawn)
                .list();
    }

    /** @return the entries that are ready now */
    List<Ready> releaseDue(Instant now, int max) {
        return jdbc.sql("""
                        update outbox set state = 'READY', due_since = next_attempt_at, next_attempt_at = null
                        where id = any (array(
                            select id from outbox
                            where state = 'DELAYED' and next_attempt_at <= :now
                            order by next_attempt_at
                            limit :max
                            for update skip locked))
                        returning id, channel, priority
                        """)
                .param("now", now.atOffset(UTC))
                .param("max", max)
                .query((row, _) -> new Ready(row.getLong("id"), row.getString("channel"), row.getInt("priority")))
                .list();
    }

    @Nullable Instant nextDue() {
        return jdbc.sql("""
                        select next_attempt_at from outbox
                        where state = 'DELAYED'
                        order by next_attempt_at limit 1
                        """)
                .query((row, _) -> instant(row, "next_attempt_at"))
                .optional()
                .orElse(null);
    }

    /** An entry is created before it is DONE, so the steps end where the entries were created too late. */
    @Nullable Long removePublished(Instant publishedBefore, long afterId, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, state, created_at, published_at from outbox where id > :afterId order by id limit :max),
                        removed as (
                            delete from outbox
                            where id = any (array(
                                select id from step where state = 'DONE' and published_at < :publishedBefore)))
                        select max(id) from step where created_at < :publishedBefore
                        """)
                .param("afterId", afterId)
                .param("max", max)
                .param("publishedBefore", publishedBefore.atOffset(UTC))
                .query((row, _) -> row.getObject(1, Long.class))
                .optional()
                .orElse(null);
    }

    private static Withdrawn withdrawn(ResultSet row, int number) throws SQLException {
        return new Withdrawn(row.getLong("id"), row.getObject("aggregate_id", UUID.class));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** An entry that may be claimed now. */
    record Ready(long id, String channel, int priority) {}
}
