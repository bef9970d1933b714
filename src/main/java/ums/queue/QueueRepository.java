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
 * The SQL on the outbox, but for {@link ClaimRepository}, and for the statement that accepts a message and its order at once.
 * The plans stand in docs/benchmarks.md.
 */
@Repository
public class QueueRepository {

    private final JdbcClient jdbc;
    private final NamedParameterJdbcOperations batches;

    QueueRepository(JdbcClient jdbc, NamedParameterJdbcOperations batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Whether the queue still has something to do for a message, on a topic too. Called before another order is made for it. */
    public boolean isOpen(UUID aggregateId) {
        return jdbc.sql("select exists (select from outbox where aggregate_id = :aggregateId and open)")
                .param("aggregateId", aggregateId)
                .query(Boolean.class)
                .single();
    }

    /**
     * Where a message's order stands; empty where it is neither ready nor on a topic. Called for one message that somebody
     * looks at. A topic is before all that is ready, and no more can be said of it than when its records were written.
     */
    public Optional<QueuePosition> place(UUID aggregateId) {
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

    void insert(List<NewEntry> orders) {
        batches.batchUpdate("""
                insert into outbox (aggregate_id, channel, form, priority, state, created_at, next_attempt_at, expires_at, review)
                values (:aggregateId, :channel, :form, :priority, case when :notBefore::timestamptz is null then 'READY' else 'DELAYED' end,
                    :createdAt, :notBefore, :expiresAt, :review)
                """, orders.stream().map(QueueRepository::row).toArray(SqlParameterSource[]::new));
    }

    private static SqlParameterSource row(NewEntry order) {
        return new MapSqlParameterSource()
                .addValue("aggregateId", order.aggregateId())
                .addValue("channel", order.channel())
                .addValue("form", NewEntry.FORM)
                .addValue("priority", order.priority().ordinal())
                .addValue("createdAt", order.createdAt().atOffset(UTC))
                .addValue("notBefore", utc(order.notBefore()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("expiresAt", utc(order.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("review", order.review(), Types.BOOLEAN);
    }

    /** Waits for whoever is claiming the row at this moment, and then finds it claimed: exactly one of the two wins. */
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

    /** @return those that are ready now */
    List<Ready> releaseDue(Instant now, int max) {
        return jdbc.sql("""
                        update outbox set state = 'READY', due_since = next_attempt_at, next_attempt_at = null
                        where id = any (array(
                            select id from outbox
                            where state = 'DELAYED' and next_attempt_at <= :now
                            order by next_attempt_at
                            limit :max
                            for update skip locked))
                        returning id, priority
                        """)
                .param("now", now.atOffset(UTC))
                .param("max", max)
                .query((row, _) -> new Ready(row.getLong("id"), row.getInt("priority")))
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

    /** An order is published after it was created, so none from a younger one on can be old enough. */
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

    /** An order that may be claimed, and its place in the queue. */
    record Ready(long id, int priority) {}
}
