package ums.outbox;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** All SQL on the outbox. The plans of the claim and of the two look-ups stand in docs/benchmarks.md. */
@Repository
public class OutboxRepository {

    private static final Priority[] PRIORITIES = Priority.values();

    private final JdbcClient jdbc;
    private final NamedParameterJdbcOperations batches;

    OutboxRepository(JdbcClient jdbc, NamedParameterJdbcOperations batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Whether the queue still has something to do for a message. Called before another order is made for it. */
    public boolean existsByAggregateIdAndPublishedFalse(UUID aggregateId) {
        return jdbc.sql("select exists (select from outbox where aggregate_id = :aggregateId and not published)")
                .param("aggregateId", aggregateId)
                .query(Boolean.class)
                .single();
    }

    /** What the queue has had to do for the longest time, in whatever state, oldest first. Called by those who look. */
    public List<OutboxEntry> findTopNByPublishedFalseOrderByCreatedAt(int n) {
        return jdbc.sql("""
                        select id, aggregate_id, channel, priority, published, attempt_count, created_at, next_attempt_at,
                               processing_started_at
                        from outbox where not published order by created_at, id limit :n
                        """).param("n", n).query(OutboxRepository::entry).list();
    }

    void insert(List<NewOrder> orders) {
        batches.batchUpdate("""
                insert into outbox (aggregate_id, channel, priority, created_at, next_attempt_at, expires_at)
                values (:aggregateId, :channel, :priority, :createdAt, :notBefore, :expiresAt)
                """, orders.stream().map(OutboxRepository::row).toArray(SqlParameterSource[]::new));
    }

    private static SqlParameterSource row(NewOrder order) {
        return new MapSqlParameterSource()
                .addValue("aggregateId", order.aggregateId())
                .addValue("channel", order.channel())
                .addValue("priority", order.priority().ordinal())
                .addValue("createdAt", order.createdAt().atOffset(UTC))
                .addValue("notBefore", utc(order.notBefore()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("expiresAt", utc(order.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    List<Claim> claim(UUID token, String owner, int max, Instant now) {
        return claim("""
                select id from outbox
                where not published and processing_started_at is null and next_attempt_at is null
                  and (expires_at is null or expires_at > :now)
                order by priority, id
                limit :max
                for update skip locked
                """, token, owner, max, now);
    }

    /**
     * The oldest whatever their priority. The oldest of each priority are at hand in the index of ready orders, and the
     * oldest of all are among them: an index by age would be paid at every write for one order in sixteen.
     */
    List<Claim> claimOldest(UUID token, String owner, int max, Instant now) {
        return claim("""
                select id from outbox
                where id = any (array(
                    select head.id from unnest(array[0, 1, 2]) as level, lateral (
                        select id from outbox
                        where not published and processing_started_at is null and next_attempt_at is null
                          and (expires_at is null or expires_at > :now) and priority = level
                        order by id
                        limit :max) head
                    order by head.id
                    limit :max))
                  and not published and processing_started_at is null and next_attempt_at is null
                for update skip locked
                """, token, owner, max, now);
    }

    /** {@code = any(array(...))} rather than a join: the planner then never falls into a hash join over the table. */
    private List<Claim> claim(String which, UUID token, String owner, int max, Instant now) {
        return jdbc
                .sql("""
                        update outbox
                        set processing_started_at = now(), claim_token = :token, claimed_by = :owner,
                            attempt_count = attempt_count + 1, in_doubt = true
                        where id = any (array(%s))
                        returning id, aggregate_id, channel, claim_token, attempt_count, priority
                        """.formatted(which))
                .param("token", token)
                .param("owner", owner)
                .param("max", max)
                .param("now", now.atOffset(UTC))
                .query((row, _) -> new Ranked(row.getInt("priority"), claim(row)))
                .stream()
                .sorted(Ranked.ORDER)
                .map(Ranked::claim)
                .toList();
    }

    /** Waits for whoever is claiming the row at this moment, and then finds it claimed: exactly one of the two wins. */
    boolean withdraw(UUID aggregateId) {
        return jdbc.sql("""
                                update outbox set published = true, published_at = now()
                                where aggregate_id = :aggregateId and not published and claim_token is null
                                """).param("aggregateId", aggregateId).update() == 1;
    }

    List<UUID> expire(Instant now, int max) {
        return jdbc.sql("""
                        update outbox set published = true, published_at = now()
                        where id = any (array(
                            select id from outbox
                            where not published and expires_at <= :now and claim_token is null
                            order by expires_at
                            limit :max
                            for update skip locked))
                        returning aggregate_id
                        """)
                .param("now", now.atOffset(UTC))
                .param("max", max)
                .query((row, _) -> row.getObject("aggregate_id", UUID.class))
                .list();
    }

    int releaseDue(Instant now, int max) {
        return jdbc.sql("""
                        update outbox set next_attempt_at = null
                        where id = any (array(
                            select id from outbox
                            where not published and processing_started_at is null and next_attempt_at <= :now
                            order by next_attempt_at
                            limit :max
                            for update skip locked))
                        """).param("now", now.atOffset(UTC)).param("max", max).update();
    }

    @Nullable Instant nextDue() {
        return jdbc.sql("""
                        select next_attempt_at from outbox
                        where not published and processing_started_at is null and next_attempt_at is not null
                        order by next_attempt_at limit 1
                        """)
                .query((row, _) -> instant(row, "next_attempt_at"))
                .optional()
                .orElse(null);
    }

    boolean publish(Claim claim) {
        return jdbc.sql("""
                                update outbox
                                set published = true, published_at = now(), processing_started_at = null, claim_token = null,
                                    settled_token = :token
                                where id = :id and claim_token = :token
                                """)
                        .param("id", claim.outboxId())
                        .param("token", claim.token())
                        .update()
                == 1;
    }

    boolean delay(Claim claim, Instant until, int uncounted) {
        return jdbc.sql("""
                                update outbox
                                set next_attempt_at = :until, processing_started_at = null, claim_token = null,
                                    settled_token = :token, attempt_count = attempt_count - :uncounted
                                where id = :id and claim_token = :token
                                """)
                        .param("until", until.atOffset(UTC))
                        .param("uncounted", uncounted)
                        .param("id", claim.outboxId())
                        .param("token", claim.token())
                        .update()
                == 1;
    }

    void certain(Collection<Claim> claims) {
        jdbc.sql("update outbox set in_doubt = false where id = any (:ids)")
                .param(
                        "ids",
                        new SqlArrayValue(
                                "bigint", claims.stream().map(Claim::outboxId).toArray()))
                .update();
    }

    boolean doubt(Claim claim) {
        return jdbc.sql("update outbox set in_doubt = true where id = :id and claim_token = :token")
                        .param("id", claim.outboxId())
                        .param("token", claim.token())
                        .update()
                == 1;
    }

    List<Claim> claimed(UUID token) {
        return jdbc.sql("""
                        select id, aggregate_id, channel, claim_token, attempt_count from outbox
                        where processing_started_at is not null and claim_token = :token
                        order by priority, id
                        """).param("token", token).query((row, _) -> claim(row)).list();
    }

    boolean settled(Claim claim) {
        return jdbc.sql("select exists (select from outbox where id = :id and settled_token = :token)")
                .param("id", claim.outboxId())
                .param("token", claim.token())
                .query(Boolean.class)
                .single();
    }

    /** Looked for, locked and changed in one statement: between a look and a lock a claim may have been settled. */
    List<OutboxService.Abandoned> takeOver(UUID token, Duration age, @Nullable Duration silence, int max) {
        return jdbc.sql("""
                        update outbox
                        set claim_token = :token
                        where id = any (array(
                            select o.id
                            from outbox o
                            where o.processing_started_at is not null
                              and (o.processing_started_at <= now() - :age * interval '1 millisecond'
                                   or (:judged and not exists (
                                       select from process p
                                       where p.id = o.claimed_by
                                         and p.beat_at > now() - :silence * interval '1 millisecond')))
                            order by o.processing_started_at
                            limit :max
                            for update of o skip locked))
                        returning id, aggregate_id, channel, claim_token, attempt_count, in_doubt
                        """)
                .param("token", token)
                .param("age", age.toMillis())
                .param("judged", silence != null)
                .param("silence", silence == null ? 0 : silence.toMillis())
                .param("max", max)
                .query((row, _) -> new OutboxService.Abandoned(claim(row), row.getBoolean("in_doubt")))
                .list();
    }

    /** An order is published after it was created, so none from a younger one on can be old enough. */
    @Nullable Long removePublished(Instant publishedBefore, long afterId, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, created_at, published_at from outbox where id > :afterId order by id limit :max),
                        removed as (
                            delete from outbox
                            where id = any (array(
                                select id from step where published_at < :publishedBefore)))
                        select max(id) from step where created_at < :publishedBefore
                        """)
                .param("afterId", afterId)
                .param("max", max)
                .param("publishedBefore", publishedBefore.atOffset(UTC))
                .query((row, _) -> row.getObject(1, Long.class))
                .optional()
                .orElse(null);
    }

    private static Claim claim(ResultSet row) throws SQLException {
        return new Claim(
                row.getLong("id"),
                row.getObject("aggregate_id", UUID.class),
                row.getString("channel"),
                row.getObject("claim_token", UUID.class),
                row.getInt("attempt_count"));
    }

    private static OutboxEntry entry(ResultSet row, int number) throws SQLException {
        return new OutboxEntry(
                row.getLong("id"),
                row.getObject("aggregate_id", UUID.class),
                row.getString("channel"),
                PRIORITIES[row.getInt("priority")],
                row.getBoolean("published"),
                row.getInt("attempt_count"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "next_attempt_at"),
                instant(row, "processing_started_at"));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** RETURNING promises no order; the queue does. */
    private record Ranked(int priority, Claim claim) {

        static final Comparator<Ranked> ORDER = Comparator.comparingInt(Ranked::priority)
                .thenComparingLong(it -> it.claim().outboxId());
    }
}
