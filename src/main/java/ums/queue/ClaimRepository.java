package ums.queue;

import static java.time.ZoneOffset.UTC;

import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The SQL that makes, settles and takes over claims, many at a time. A claim is settled only under its token. */
@Repository
class ClaimRepository {

    private final JdbcClient jdbc;

    ClaimRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Claims a channel's entries by priority, then the oldest first. Each priority has a scan of its own, so that it can begin behind its own mark;
     * PostgreSQL does not begin the later scans if the earlier ones fill the claim. The pair of priority and id is compared,
     * because with the id alone the planner may scan the primary key, over all DONE entries.
     *
     * @param marks the id behind which to begin, by priority
     */
    List<Ranked> claim(String channel, UUID token, Claimant by, int max, Instant now, long[] marks) {
        return claim(
                """
                select id from (
                    %s
                    union all
                    %s
                    union all
                    %s) queue
                limit :max
                """.formatted(ready("high", 0), ready("normal", 1), ready("low", 2)),
                channel,
                token,
                by,
                max,
                now,
                marks);
    }

    private static String ready(String name, int priority) {
        return """
                select id from (
                    select id from outbox
                    where state = 'READY' and channel = :channel
                      and (priority, id) > (%2$s::smallint, :mark%2$s) and priority <= %2$s
                      and form <= :form and (expires_at is null or expires_at > :now)
                    order by priority, id
                    limit :max
                    for update skip locked) %1$s
                """.formatted(name, priority);
    }

    /**
     * Claims a channel's oldest entries, whatever their priority. The index of ready entries yields the oldest of each priority, and the oldest
     * of all are among them. An index by age would cost every write something, for one entry in sixteen.
     */
    List<Ranked> claimOldest(String channel, UUID token, Claimant by, int max, Instant now, long[] marks) {
        return claim("""
                select id from outbox
                where id = any (array(
                    select head.id from (values (0::smallint, :mark0), (1, :mark1), (2, :mark2)) as level (priority, mark),
                    lateral (
                        select id from outbox
                        where state = 'READY' and channel = :channel
                          and (outbox.priority, id) > (level.priority, level.mark)
                          and outbox.priority <= level.priority
                          and form <= :form and (expires_at is null or expires_at > :now)
                        order by outbox.priority, id
                        limit :max) head
                    order by head.id
                    limit :max))
                  and state || '' = 'READY'
                for update skip locked
                """, channel, token, by, max, now, marks);
    }

    /** With {@code = any(array(...))} instead of a join the planner never chooses a hash join over the table. */
    private List<Ranked> claim(
            String selection, String channel, UUID token, Claimant by, int max, Instant now, long[] marks) {
        return jdbc
                .sql("""
                        update outbox
                        set state = 'PROCESSING', due_since = null, processing_started_at = now(), claim_token = :token,
                            claimed_by = :owner, attempt_count = attempt_count + 1, in_doubt = not coalesce(review, :reviews),
                            provider = :provider
                        where id = any (array(%s))
                        returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, priority, provider
                        """.formatted(selection))
                .param("token", token)
                .param("owner", by.process())
                .param("reviews", by.reviews())
                .param("max", max)
                .param("now", now.atOffset(UTC))
                .param("mark0", marks[0])
                .param("mark1", marks[1])
                .param("mark2", marks[2])
                .param("channel", channel)
                .param("provider", by.provider(channel), Types.VARCHAR)
                .param("form", NewEntry.FORM)
                .query((row, _) -> Ranked.of(row))
                .list()
                .stream()
                .sorted(Ranked.ORDER)
                .toList();
    }

    /**
     * Ends claims, each under its token. The list may hold two claims of one entry, a lost one and a valid one: only the valid
     * one is ended.
     *
     * @return the claims that were ended; the others were lost
     */
    Set<Claim> settle(List<ClaimResult> results) {
        List<Claim> claims = results.stream().map(ClaimResult::claim).toList();
        // In the usual case all are DONE. The array is sent empty then, and unnest pads it with nulls: less to send and
        // to read.
        Stream<ClaimResult> delayed =
                results.stream().anyMatch(it -> it.until() != null) ? results.stream() : Stream.empty();
        Stream<ClaimResult> uncounted =
                results.stream().allMatch(ClaimResult::counts) ? Stream.empty() : results.stream();
        return matching(
                claims,
                jdbc.sql("""
                        update outbox o
                        set state = case when result.until is null then 'DONE' else 'DELAYED' end,
                            published_at = case when result.until is null then now() end,
                            next_attempt_at = result.until,
                            processing_started_at = null, claim_token = null, settled_token = result.token,
                            attempt_count = o.attempt_count - coalesce(result.uncounted, 0)
                        from unnest(:ids, :tokens, :until, :uncounted) as result (id, token, until, uncounted)
                        where o.id = any (:ids) and o.id = result.id and o.claim_token = result.token
                        returning o.id, o.settled_token as token
                        """)
                        .param("ids", ids(claims))
                        .param("tokens", tokens(claims))
                        .param(
                                "until",
                                array(
                                        "timestamptz",
                                        delayed.map(ClaimResult::until).map(it -> it == null ? null : it.toString())))
                        .param("uncounted", array("integer", uncounted.map(it -> it.counts() ? 0 : 1))));
    }

    /** @return the claims that are still valid; the others were lost */
    Set<Claim> markInDoubt(List<Claim> claims) {
        return matching(claims, jdbc.sql("""
                        update outbox o
                        set in_doubt = true
                        from unnest(:ids, :tokens) as claim (id, token)
                        where o.id = any (:ids) and o.id = claim.id and o.claim_token = claim.token
                        returning o.id, o.claim_token as token
                        """).param("ids", ids(claims)).param("tokens", tokens(claims)));
    }

    boolean assign(Claim claim, String provider) {
        return jdbc.sql("update outbox set provider = :provider where id = :id and claim_token = :token")
                        .param("provider", provider)
                        .param("id", claim.outboxId())
                        .param("token", claim.token())
                        .update()
                == 1;
    }

    List<Claim> claimed(UUID token) {
        return jdbc.sql("""
                        select id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, provider
                        from outbox
                        where state = 'PROCESSING' and claim_token = :token
                        order by priority, id
                        """)
                .param("token", token)
                .query((row, _) -> Ranked.claim(row))
                .list();
    }

    /** The claims among these that were settled under their token. */
    Set<Claim> settled(Collection<Claim> claims) {
        return matching(claims, jdbc.sql("""
                        select o.id, o.settled_token as token from unnest(:ids, :tokens) as claim (id, token)
                        join outbox o on o.id = claim.id and o.settled_token = claim.token
                        where o.id = any (:ids)
                        """).param("ids", ids(claims)).param("tokens", tokens(claims)));
    }

    /**
     * The claims that a statement returns, compared by entry and token, as a lost and a valid claim may have the same entry.
     */
    private static Set<Claim> matching(Collection<Claim> claims, JdbcClient.StatementSpec statement) {
        Set<Fence> fences = Set.copyOf(statement
                .query((row, _) -> new Fence(row.getLong("id"), row.getObject("token", UUID.class)))
                .list());
        return claims.stream()
                .filter(it -> fences.contains(new Fence(it.outboxId(), it.token())))
                .collect(Collectors.toSet());
    }

    /**
     * Claims of the last two seconds are left out, as most of them are settled before the next scan. Claims with a time in the
     * future were made before the database's clock was set back.
     *
     * @param since only claims made at this time or later, as the database writes it
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
     * Finds, locks and changes the claims in one statement. Between two statements a claim could be settled, and a process that
     * was declared dead could write a heartbeat.
     *
     * @param since only claims made at this time or later, as the database writes it
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
                        returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, provider,
                            in_doubt
                        """)
                .param("token", token)
                .param("since", since)
                .param("all", orphans.all())
                .param("ids", array("bigint", orphans.stale().stream().map(StandingClaim::outboxId)))
                .param("tokens", array("uuid", orphans.stale().stream().map(StandingClaim::token)))
                .param("processes", array("text", orphans.dead().stream().map(ProcessBeat::process)))
                .param("beats", array("timestamptz", orphans.dead().stream().map(ProcessBeat::at)))
                .param("max", max)
                .query((row, _) -> new Queue.Abandoned(Ranked.claim(row), row.getBoolean("in_doubt")))
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

    private record Fence(long outboxId, UUID token) {}
}
