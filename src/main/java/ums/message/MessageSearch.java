package ums.message;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * Finds messages by what a person knows of them, however many there are. Nothing that changes is indexed, so that the
 * ledger's updates stay cheap: a search goes through an index that knows the most of what is asked for, so many entries at a
 * time, and says how far it came where there may be more behind.
 */
@Repository
public class MessageSearch {

    /** How many entries one look goes through at most: about 50 milliseconds. */
    private static final int LOOKED_AT = 10_000;

    /** An id is made a moment before or after what it stands for is dated, maybe by another process's clock. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final MessageRows rows = new MessageRows();

    MessageSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Looks for messages, the newest first.
     *
     * @param before only those accepted before this one, or null for the newest
     * @param limit how many at most, at least 1
     */
    public Found find(Wish wish, @Nullable UUID before, int limit) {
        String rest = conditions(wish);
        // Where every entry of the index is wanted, no more than a page of it is looked at.
        int lookedAt = rest.equals("true") ? limit : LOOKED_AT;
        Look look = jdbc.sql("""
                        with looked_at as materialized (
                            select id from (%s) source
                            where id < coalesce(:before, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
                              and id >= coalesce(:since, '00000000-0000-0000-0000-000000000000'::uuid)
                              and id < coalesce(:until, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
                            order by id desc limit :lookedAt),
                        found as (
                            select m.id from looked_at l join message m on m.id = l.id
                            where %s
                            order by l.id desc limit :limit)
                        select array(select id from found) as found,
                            (select count(*) from looked_at) as looked_at,
                            (select id from looked_at order by id limit 1) as last
                        """.formatted(source(wish), rest))
                .param("before", before, Types.OTHER)
                .param("since", wish.from == null ? null : first(wish.from.minus(SLACK)), Types.OTHER)
                .param("until", wish.to == null ? null : first(wish.to.plus(SLACK)), Types.OTHER)
                .param("client", wish.client)
                .param("status", wish.status == null ? null : wish.status.name())
                .param("reference", wish.reference)
                .param("recipient", wish.recipient)
                .param("from", wish.from == null ? null : wish.from.atOffset(UTC))
                .param("to", wish.to == null ? null : wish.to.atOffset(UTC))
                .param("lookedAt", lookedAt)
                .param("limit", limit)
                .query((row, _) -> look(row))
                .single();
        return new Found(messages(look.found), next(look, lookedAt, limit));
    }

    private static @Nullable UUID next(Look look, int lookedAt, int limit) {
        if (look.found.size() == limit) {
            return look.found.getLast();
        }
        return look.lookedAt == lookedAt ? look.last : null;
    }

    /** What is known best leads. Failures and open orders are far fewer than messages, and have their message's id indexed. */
    private static String source(Wish wish) {
        if (wish.recipient != null) {
            return """
                    select message_id as id from message_content where recipient = lower(:recipient)
                    union all
                    select message_id from message_content
                    where recipients @> array[lower(:recipient)] and recipient <> lower(:recipient)
                    """;
        }
        if (wish.reference != null) {
            return "select id from message where reference = :reference";
        }
        if (wish.status != null) {
            switch (wish.status) {
                case ACCEPTED, RETRY, PROCESSING -> {
                    return "select aggregate_id as id from outbox where coalesce(not published or relayed_at is not null, true)";
                }
                case FAILED, MANUAL_REVIEW -> {
                    return "select distinct message_id as id from send_failure";
                }
                case SENT, CANCELED, EXPIRED -> {}
            }
        }
        return wish.client == null ? "select id from message" : "select id from message where client = :client";
    }

    private static String conditions(Wish wish) {
        List<String> conditions = new ArrayList<>();
        if (wish.client != null && (wish.recipient != null || wish.reference != null || wish.status != null)) {
            conditions.add("m.client = :client");
        }
        if (wish.status != null) {
            conditions.add(status(wish.status));
        }
        if (wish.reference != null && wish.recipient != null) {
            conditions.add("m.reference = :reference");
        }
        if (wish.from != null) {
            conditions.add("m.created_at >= :from");
        }
        if (wish.to != null) {
            conditions.add("m.created_at < :to");
        }
        return conditions.isEmpty() ? "true" : String.join(" and ", conditions);
    }

    /** What is claimed is PROCESSING, whatever its own row says. */
    private static String status(MessageStatus status) {
        String claimed = MessageRepository.CLAIMED_AT;
        return status == MessageStatus.PROCESSING
                ? claimed + " is not null"
                : "m.status = :status"
                        + (status.next().contains(MessageStatus.PROCESSING) ? " and " + claimed + " is null" : "");
    }

    private List<Message> messages(List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                        select m.*, c.content::jsonb - 'text' - 'html' - 'headers' as content, c.tags, %s as claimed_at
                        from message m join message_content c on c.message_id = m.id
                        where m.id = any (:ids) and c.message_id = any (:ids)
                        order by m.id desc
                        """.formatted(MessageRepository.CLAIMED_AT))
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .query((row, _) -> rows.message(row))
                .list();
    }

    /** The lowest UUIDv7 of a millisecond (RFC 9562 section 5.7). */
    private static UUID first(Instant at) {
        return new UUID(Math.max(0, at.toEpochMilli()) << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }

    private static Look look(ResultSet row) throws SQLException {
        return new Look(
                Arrays.asList((UUID[]) row.getArray("found").getArray()),
                row.getInt("looked_at"),
                row.getObject("last", UUID.class));
    }

    /**
     * What is known of the messages looked for; null where it does not matter.
     *
     * @param client whose they are
     * @param status where they stand now
     * @param reference exactly their reference
     * @param recipient an address they go to, bare, whatever its case
     * @param from accepted then or later
     * @param to accepted before
     */
    public record Wish(
            @Nullable String client,
            @Nullable MessageStatus status,
            @Nullable String reference,
            @Nullable String recipient,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /**
     * What was found.
     *
     * @param messages the newest first; their content has no text, html and headers
     * @param next from where to look on, or null where everything was looked at. Where there are fewer messages than were
     *     asked for, or none, and this is not null, there may be more behind
     */
    public record Found(List<Message> messages, @Nullable UUID next) {}

    private record Look(
            List<UUID> found, int lookedAt, @Nullable UUID last) {}
}
