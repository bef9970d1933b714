package ums.message;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * Finds messages: one by its id, or many by criteria, however many there are. No column that changes is indexed, so that the
 * ledger's updates stay cheap: a search scans the index that narrows it most, a bounded number of entries at a time, and
 * returns how far it came if there may be more.
 */
@Repository
public class MessageSearch {

    /** When a message was claimed, or null; it has one open queue entry at most. */
    private static final String CLAIMED_AT = """
            (select o.processing_started_at from outbox o
             where o.aggregate_id = m.id and o.open)""";

    /** The columns of a message in a list: without the timeline, text, html and headers. */
    private static final String BRIEF = """
            m.id, m.client, m.test, m.channel, m.status, m.purpose, m.priority, m.on_unknown, m.reference, m.scheduled_at,
            m.expires_at, m.created_at, m.updated_at, m.attempt_count, m.processing_started_at, m.next_attempt_at, m.sent_at,
            m.recipients, m.last_error, m.provider, m.bound, c.summary, c.tags, %s as claimed_at""".formatted(CLAIMED_AT);

    /** The most index entries of one scan: about 50 milliseconds. */
    private static final int SCANNED = 10_000;

    /** The time in an id and created_at may differ, as they may come from clocks of two processes. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    /** The ids that a scan reads. */
    private static final String RANGE = """
            id < coalesce(:before, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
            and id >= coalesce(:since, '00000000-0000-0000-0000-000000000000'::uuid)
            and id < coalesce(:until, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)""";

    private final JdbcClient jdbc;
    private final MessageRows rows;

    MessageSearch(JdbcClient jdbc, MessageRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    Optional<Message> find(@Nullable Owner owner, UUID id) {
        return jdbc.sql("""
                        select %s, c.content
                        from message m join message_content c on c.message_id = m.id
                        where m.id = :id and m.client = coalesce(:client, m.client) and m.test = coalesce(:test, m.test)
                        """.formatted(BRIEF))
                .param("id", id)
                .param("client", owner == null ? null : owner.client(), Types.VARCHAR)
                .param("test", owner == null ? null : owner.test(), Types.BOOLEAN)
                .query((row, _) -> rows.whole(row))
                .optional();
    }

    Optional<List<TimelineEvent>> events(@Nullable Owner owner, UUID id) {
        return jdbc.sql("""
                        select created_at, events from message
                        where id = :id and client = coalesce(:client, client) and test = coalesce(:test, test)
                        """)
                .param("id", id)
                .param("client", owner == null ? null : owner.client(), Types.VARCHAR)
                .param("test", owner == null ? null : owner.test(), Types.BOOLEAN)
                .query((row, _) -> rows.timeline(row))
                .optional();
    }

    /**
     * Searches, the newest messages first.
     *
     * @param before only messages accepted before this one, or null for the newest
     * @param limit how many at most, at least 1
     */
    public Found find(MessageQuery query, @Nullable UUID before, int limit) {
        Scan farthest = null;
        for (String source : sources(query)) {
            Scan scan = scan(query, source, before, limit);
            farthest = farthest == null || scan.isFartherThan(farthest) ? scan : farthest;
            if (scan.last == null) {
                break;
            }
        }
        if (farthest == null) {
            throw new IllegalStateException("a query without a source");
        }
        return new Found(brief(farthest.found), farthest.last);
    }

    /** Messages by their ids, the newest first, without text, html and headers. */
    public List<Message> brief(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                        select %s
                        from message m join message_content c on c.message_id = m.id
                        where m.id = any (:ids) and c.message_id = any (:ids)
                        order by m.id desc
                        """.formatted(BRIEF))
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .query((row, _) -> rows.brief(row))
                .list();
    }

    private Scan scan(MessageQuery query, String source, @Nullable UUID before, int limit) {
        // One more than the limit shows whether there is a next page. The last scanned id is read only if fewer were
        // found, as then all entries were filtered. The ids are an array, as a join could become a nested loop over all
        // rows of a new client, of which the statistics know nothing.
        return jdbc.sql("""
                        with scanned as materialized (
                            select id from (%s) source
                            where %s
                            order by id desc limit :scanned),
                        found as materialized (
                            select m.id from message m
                            where m.id = any (array(select id from scanned)) and %s
                            order by m.id desc limit :limit)
                        select array(select id from found) as found,
                            case when (select count(*) from found) < :limit and (select count(*) from scanned) = :scanned
                                then (select id from scanned order by id limit 1) end as last
                        """.formatted(source, RANGE, conditions(query)))
                .param("before", before, Types.OTHER)
                .param(
                        "since",
                        query.from() == null
                                ? null
                                : MessageIds.first(query.from().minus(SLACK)),
                        Types.OTHER)
                .param(
                        "until",
                        query.to() == null ? null : MessageIds.first(query.to().plus(SLACK)),
                        Types.OTHER)
                .param("client", query.client())
                .param("test", query.test())
                .param("channel", query.channel())
                .param("status", query.status() == null ? null : query.status().name())
                .param("reference", query.reference())
                .param("recipient", query.recipient())
                .param("from", query.from() == null ? null : query.from().atOffset(UTC))
                .param("to", query.to() == null ? null : query.to().atOffset(UTC))
                .param("scanned", Math.max(SCANNED, limit + 1))
                .param("limit", limit + 1)
                .query((row, _) -> scan(row, limit))
                .single();
    }

    /**
     * The indexes to scan, the narrowest first. Failures and open queue entries are far fewer than messages, but are those of
     * all clients: if other clients' fill the scan, the client's own messages are scanned too.
     */
    private static List<String> sources(MessageQuery query) {
        if (query.recipient() != null) {
            return List.of("""
                    select message_id as id from message_content where recipient = lower(:recipient)
                    union all
                    select message_id from message_content
                    where recipients @> array[lower(:recipient)] and recipient <> lower(:recipient)
                    """);
        }
        if (query.reference() != null) {
            return List.of("select id from message where reference = :reference");
        }
        String messages = messages(query);
        String byStatus = byStatus(query.status());
        if (byStatus == null) {
            return List.of(messages);
        }
        return query.client() == null ? List.of(byStatus) : List.of(byStatus, messages);
    }

    private static @Nullable String byStatus(@Nullable MessageStatus status) {
        return switch (status) {
            case ACCEPTED, RETRY, PROCESSING -> "select aggregate_id as id from outbox where open";
            case FAILED, MANUAL_REVIEW -> "select distinct message_id as id from send_failure";
            case SENT, CANCELED, EXPIRED -> null;
            case null -> null;
        };
    }

    private static String messages(MessageQuery query) {
        if (query.client() == null) {
            return "select id from message";
        }
        if (query.test() != null) {
            return "select id from message where client = :client and test = :test";
        }
        // Each mode in the sequence of its index; a scan of both would sort all rows.
        String mode =
                "(select id from message where client = :client and test = %s and %s order by id desc limit :scanned)";
        return mode.formatted("false", RANGE) + " union all " + mode.formatted("true", RANGE);
    }

    private static String conditions(MessageQuery query) {
        List<String> conditions = new ArrayList<>();
        conditions.add(query.client() == null ? "true" : "m.client = :client");
        conditions.add(query.test() == null ? "true" : "m.test = :test");
        conditions.add(query.channel() == null ? "true" : "m.channel = :channel");
        conditions.add(query.reference() == null ? "true" : "m.reference = :reference");
        conditions.add(query.from() == null ? "true" : "m.created_at >= :from");
        conditions.add(query.to() == null ? "true" : "m.created_at < :to");
        conditions.add(query.status() == null ? "true" : status(query.status()));
        return String.join(" and ", conditions);
    }

    /** A claimed message is PROCESSING, whatever its own row says. */
    private static String status(MessageStatus status) {
        String claimed = CLAIMED_AT;
        return status == MessageStatus.PROCESSING
                ? claimed + " is not null"
                : "m.status = :status"
                        + (status.next().contains(MessageStatus.PROCESSING) ? " and " + claimed + " is null" : "");
    }

    private static Scan scan(ResultSet row, int limit) throws SQLException {
        List<UUID> found = Arrays.asList((UUID[]) row.getArray("found").getArray());
        return found.size() > limit
                ? new Scan(found.subList(0, limit), found.get(limit - 1))
                : new Scan(found, row.getObject("last", UUID.class));
    }

    /**
     * A page.
     *
     * @param messages the newest first, without text, html and headers
     * @param next where to go on, or null if everything was searched. There may be more behind it even if there are fewer
     *     messages here than the limit, or none
     */
    public record Found(List<Message> messages, @Nullable UUID next) {}

    /**
     * The result of a scan.
     *
     * @param last the id down to which everything was searched; null for everything
     */
    private record Scan(List<UUID> found, @Nullable UUID last) {

        /** Compares ids as the database does: {@link UUID#compareTo} compares signed numbers. */
        private boolean isFartherThan(Scan other) {
            if (last == null || other.last == null) {
                return last == null;
            }
            return last.toString().compareTo(other.last.toString()) < 0;
        }
    }
}
