package ums.queue;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The SQL on claims: made, settled and taken over, many at a time, and never settled but under their token. */
@Repository
class ClaimRepository {

    private final JdbcClient jdbc;
    private final Channels channels;

    ClaimRepository(JdbcClient jdbc, Channels channels) {
        this.jdbc = jdbc;
        this.channels = channels;
    }

    /**
     * By priority and then the oldest first. One look for each priority, of which the later ones are not begun where the
     * earlier ones fill the claim: so each has its own mark to begin behind. That the pair is compared, and not the number
     * alone, keeps the planner from walking the primary key over all that is published.
     *
     * @param marks behind which number to begin, by priority
     */
    List<Ranked> claim(UUID token, Claimant by, int max, Instant now, long[] marks) {
        return claim("""
                select id from (
                    %s
                    union all
                    %s
                    union all
                    %s) queue
                limit :max
                """.formatted(ready("high", 0), ready("normal", 1), ready("low", 2)), token, by, max, now, marks);
    }

    private static String ready(String name, int priority) {
        return """
                select id from (
                    select entry.id from unnest(:channels) as known (channel), lateral (
                        select id from outbox
                        where state = 'READY' and channel = known.channel
                          and (priority, id) > (%2$s::smallint, :mark%2$s) and priority <= %2$s
                          and form <= :form and (expires_at is null or expires_at > :now)
                        order by priority, id
                        limit :max
                        for update skip locked) entry
                    order by entry.id) %1$s
                """.formatted(name, priority);
    }

    /**
     * The oldest whatever their priority. The oldest of each priority are at hand in the index of ready orders, and the
     * oldest of all are among them: an index by age would be paid at every write for one order in sixteen.
     */
    List<Ranked> claimOldest(UUID token, Claimant by, int max, Instant now, long[] marks) {
        return claim("""
                select id from outbox
                where id = any (array(
                    select head.id from (values (0::smallint, :mark0), (1, :mark1), (2, :mark2)) as level (priority, mark),
                    unnest(:channels) as known (channel),
                    lateral (
                        select id from outbox
                        where state = 'READY' and outbox.channel = known.channel
                          and (outbox.priority, id) > (level.priority, level.mark)
                          and outbox.priority <= level.priority
                          and form <= :form and (expires_at is null or expires_at > :now)
                        order by outbox.priority, id
                        limit :max) head
                    order by head.id
                    limit :max))
                  and state || '' = 'READY'
                for update skip locked
                """, token, by, max, now, marks);
    }

    /** {@code = any(array(...))} rather than a join: the planner then never falls into a hash join over the table. */
    private List<Ranked> claim(String which, UUID token, Claimant by, int max, Instant now, long[] marks) {
        return jdbc
                .sql("""
                        update outbox
                        set state = 'PROCESSING', due_since = null, processing_started_at = now(), claim_token = :token,
                            claimed_by = :owner, attempt_count = attempt_count + 1, in_doubt = not coalesce(review, :reviews)
                        where id = any (array(%s))
                        returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, priority
                        """.formatted(which))
                .param("token", token)
                .param("owner", by.process())
                .param("reviews", by.reviews())
                .param("max", max)
                .param("now", now.atOffset(UTC))
                .param("mark0", marks[0])
                .param("mark1", marks[1])
                .param("mark2", marks[2])
                .param("channels", channels.array())
                .param("form", NewEntry.FORM)
                .query((row, _) -> ranked(row))
                .list()
                .stream()
                .sorted(Ranked.ORDER)
                .toList();
    }

    /**
     * Ends claims, each under its token: of two claims of one order, the lost and the living one, only the latter.
     *
     * @return the claims that were ended; the others were lost
     */
    Set<Claim> settle(List<ClaimResult> endings) {
        List<Claim> claims = endings.stream().map(ClaimResult::claim).toList();
        // As is usual, the queue is done with all of them: an empty array, which unnest fills up, leaves nothing to be
        // read.
        Stream<ClaimResult> waiting =
                endings.stream().anyMatch(it -> it.until() != null) ? endings.stream() : Stream.empty();
        Stream<ClaimResult> uncounted =
                endings.stream().allMatch(ClaimResult::counts) ? Stream.empty() : endings.stream();
        return those(
                claims,
                jdbc.sql("""
                        update outbox o
                        set state = case when ending.until is null then 'DONE' else 'DELAYED' end,
                            published_at = case when ending.until is null then now() end,
                            next_attempt_at = ending.until,
                            processing_started_at = null, claim_token = null, settled_token = ending.token,
                            attempt_count = o.attempt_count - coalesce(ending.uncounted, 0)
                        from unnest(:ids, :tokens, :until, :uncounted) as ending (id, token, until, uncounted)
                        where o.id = any (:ids) and o.id = ending.id and o.claim_token = ending.token
                        returning o.id, o.settled_token as token
                        """)
                        .param("ids", ids(claims))
                        .param("tokens", tokens(claims))
                        .param(
                                "until",
                                array(
                                        "timestamptz",
                                        waiting.map(ClaimResult::until).map(it -> it == null ? null : it.toString())))
                        .param("uncounted", array("integer", uncounted.map(it -> it.counts() ? 0 : 1))));
    }

    /** @return the claims that still stand; the others were lost */
    Set<Claim> doubt(List<Claim> claims) {
        return those(claims, jdbc.sql("""
                        update outbox o
                        set in_doubt = true
                        from unnest(:ids, :tokens) as claim (id, token)
                        where o.id = any (:ids) and o.id = claim.id and o.claim_token = claim.token
                        returning o.id, o.claim_token as token
                        """).param("ids", ids(claims)).param("tokens", tokens(claims)));
    }

    List<Claim> claimed(UUID token) {
        return jdbc.sql("""
                        select id, aggregate_id, channel, claim_token, attempt_count, processing_started_at from outbox
                        where state = 'PROCESSING' and claim_token = :token
                        order by priority, id
                        """).param("token", token).query((row, _) -> claim(row)).list();
    }

    /** Those of the claims that were settled by their owner. */
    Set<Claim> settled(Collection<Claim> claims) {
        return those(claims, jdbc.sql("""
                        select o.id, o.settled_token as token from unnest(:ids, :tokens) as claim (id, token)
                        join outbox o on o.id = claim.id and o.settled_token = claim.token
                        where o.id = any (:ids)
                        """).param("ids", ids(claims)).param("tokens", tokens(claims)));
    }

    /** The claims that a statement names, by order and token: an order's number alone may stand for two of them. */
    private static Set<Claim> those(Collection<Claim> claims, JdbcClient.StatementSpec statement) {
        Set<Fence> named = Set.copyOf(statement
                .query((row, _) -> new Fence(row.getLong("id"), row.getObject("token", UUID.class)))
                .list());
        return claims.stream()
                .filter(it -> named.contains(new Fence(it.outboxId(), it.token())))
                .collect(Collectors.toSet());
    }

    /**
     * The youngest are left out: as a rule they are settled before the next scan. Those that seem to be from the future were
     * made before the database's clock was set back.
     *
     * @param since only claims that stand since then or later, as the database writes it
     */
    List<StandingClaim> standing(int max, String since) {
        return jdbc.sql("""
                        select id, claim_token from (
                            (select id, claim_token from outbox
                            where state = 'PROCESSING' and processing_started_at >= :since::timestamptz
                              and processing_started_at <= now() - interval '2 seconds'
                            order by processing_started_at
                            limit :max)
                            union all
                            (select id, claim_token from outbox
                            where state = 'PROCESSING' and processing_started_at > now() + interval '2 seconds'
                            order by processing_started_at
                            limit :max)) claim
                        """)
                .param("since", since)
                .param("max", max)
                .query((row, _) -> new StandingClaim(row.getLong("id"), row.getObject("claim_token", UUID.class)))
                .list();
    }

    /**
     * Looked for, locked and changed in one statement: between a look and a lock a claim may have been settled, and a process
     * that was given up may have been heard of again.
     *
     * @param since only claims that stand since then or later, as the database writes it
     */
    List<Queue.Abandoned> takeOver(UUID token, Orphans orphans, int max, String since) {
        return jdbc.sql("""
                        update outbox
                        set claim_token = :token
                        where id = any (array(
                            select o.id
                            from outbox o
                            where o.state = 'PROCESSING' and o.processing_started_at >= :since::timestamptz
                              and (:all
                                   or (o.id, o.claim_token) in (select * from unnest(:ids, :tokens))
                                   or not exists (
                                       select from process p
                                       where p.id = o.claimed_by
                                         and (p.id, p.beat_at) not in (select * from unnest(:processes, :beats))))
                            order by o.processing_started_at
                            limit :max
                            for update of o skip locked))
                        returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, in_doubt
                        """)
                .param("token", token)
                .param("since", since)
                .param("all", orphans.all())
                .param("ids", array("bigint", orphans.stale().stream().map(StandingClaim::outboxId)))
                .param("tokens", array("uuid", orphans.stale().stream().map(StandingClaim::token)))
                .param("processes", array("text", orphans.dead().stream().map(ProcessBeat::process)))
                .param("beats", array("timestamptz", orphans.dead().stream().map(ProcessBeat::at)))
                .param("max", max)
                .query((row, _) -> new Queue.Abandoned(claim(row), row.getBoolean("in_doubt")))
                .list();
    }

    private static SqlArrayValue ids(Collection<Claim> claims) {
        return new SqlArrayValue("bigint", claims.stream().map(Claim::outboxId).toArray(Long[]::new));
    }

    private static SqlArrayValue tokens(Collection<Claim> claims) {
        return array("uuid", claims.stream().map(Claim::token));
    }

    private static SqlArrayValue array(String type, Stream<?> values) {
        return new SqlArrayValue(type, values.toArray());
    }

    static Ranked ranked(ResultSet row) throws SQLException {
        return new Ranked(row.getInt("priority"), claim(row));
    }

    private static Claim claim(ResultSet row) throws SQLException {
        return new Claim(
                row.getLong("id"),
                row.getObject("aggregate_id", UUID.class),
                row.getString("channel"),
                row.getObject("claim_token", UUID.class),
                row.getInt("attempt_count"),
                row.getObject("processing_started_at", OffsetDateTime.class).toInstant());
    }

    private record Fence(long outboxId, UUID token) {}

    /** RETURNING promises no order; the queue does. */
    record Ranked(int priority, Claim claim) {

        static final Comparator<Ranked> ORDER = Comparator.comparingInt(Ranked::priority)
                .thenComparingLong(it -> it.claim().outboxId());
    }
}
