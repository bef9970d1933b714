package ums.message;

import static java.time.ZoneOffset.UTC;

import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * The SQL on the ledger, but for {@link MessageIntake} and {@link MessageEndings}. The front door comes through
 * {@link MessageService}; the dispatcher writes its attempts here.
 */
@Repository
public class MessageRepository {

    private final JdbcClient jdbc;
    private final MessageRows rows = new MessageRows();

    MessageRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Message> find(@Nullable String client, UUID id) {
        return jdbc.sql("""
                        select m.*, c.content, c.tags from message m join message_content c on c.message_id = m.id
                        where m.id = :id and m.client = coalesce(:client, m.client)
                        """)
                .param("id", id)
                .param("client", client, Types.VARCHAR)
                .query((row, _) -> rows.message(row))
                .optional();
    }

    List<Message> list(MessageFilter filter) {
        List<String> conditions = new ArrayList<>();
        conditions.add(filter.client() == null ? "true" : "m.client = :client");
        if (filter.status() != null) {
            conditions.add("m.status = :status");
        }
        if (filter.reference() != null) {
            conditions.add("m.reference = :reference");
        }
        if (filter.channel() != null) {
            conditions.add("m.channel = :channel");
        }
        if (filter.before() != null) {
            conditions.add("m.id < :before");
        }
        return jdbc.sql("""
                        select m.*, c.content - 'text' - 'html' - 'headers' as content, c.tags
                        from message m join message_content c on c.message_id = m.id
                        where %s
                        order by m.id desc limit :limit
                        """.formatted(String.join(" and ", conditions)))
                .param("client", filter.client())
                .param(
                        "status",
                        filter.status() == null ? null : filter.status().name())
                .param("reference", filter.reference())
                .param("channel", filter.channel())
                .param("before", filter.before())
                .param("limit", filter.limit())
                .query((row, _) -> rows.message(row))
                .list();
    }

    Optional<List<TimelineEvent>> events(@Nullable String client, UUID id) {
        return jdbc.sql("select created_at, events from message where id = :id and client = coalesce(:client, client)")
                .param("id", id)
                .param("client", client, Types.VARCHAR)
                .query((row, _) -> rows.timeline(row))
                .optional();
    }

    /**
     * Moves claimed messages to PROCESSING and reads what their attempts need, in the claim's transaction.
     *
     * @return those that the table of transitions lets through
     */
    public List<Attempt> begin(Collection<UUID> ids) {
        return jdbc.sql("""
                        update message m
                        set status = 'PROCESSING', attempt_count = attempt_count + 1, processing_started_at = now(),
                            updated_at = now(), next_attempt_at = null
                        from message_content c
                        where m.id = any (:ids) and c.message_id = m.id and m.status = any (:from)
                        returning m.id, m.test, m.attempt_count, m.created_at, m.processing_started_at, m.expires_at,
                            m.on_unknown, m.recipients, c.content
                        """)
                .param("ids", uuids(ids))
                .param("from", names(MessageStatus.PROCESSING.previous()))
                .query((row, _) -> rows.attempt(row))
                .list();
    }

    /**
     * Writes what an attempt did, in the transaction that settles its claim.
     *
     * @return false where the table of transitions does not let the message go there; nothing was changed then
     */
    public boolean apply(Change change) {
        return jdbc.sql("""
                                update message
                                set status = :status, updated_at = :at, recipients = :recipients::jsonb,
                                    last_error = coalesce(:error::jsonb, last_error), next_attempt_at = :nextAttemptAt,
                                    sent_at = coalesce(:sentAt, sent_at), events = events || :event::jsonb,
                                    attempt_count = attempt_count - :uncounted
                                where id = :id and status = any (:from)
                                """)
                        .param("id", change.messageId())
                        .param("status", change.status().name())
                        .param("at", change.at().atOffset(UTC))
                        .param("recipients", rows.json(change.recipients()))
                        .param("error", change.error() == null ? null : rows.json(change.error()), Types.VARCHAR)
                        .param("nextAttemptAt", utc(change.nextAttemptAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                        .param(
                                "sentAt",
                                change.status() == MessageStatus.SENT ? utc(change.at()) : null,
                                Types.TIMESTAMP_WITH_TIMEZONE)
                        .param("event", rows.json(change.event()))
                        .param("uncounted", change.counts() ? 0 : 1)
                        .param("from", names(change.status().previous()))
                        .update()
                == 1;
    }

    /** What the attempts under way need to know of their messages, for whoever settles them in their owners' stead. */
    public List<Attempt> underWay(Collection<UUID> ids) {
        return jdbc.sql("""
                        select m.id, m.test, m.attempt_count, m.created_at, coalesce(m.processing_started_at, now()) as processing_started_at, m.expires_at,
                            m.on_unknown, m.recipients, c.content
                        from message m join message_content c on c.message_id = m.id
                        where m.id = any (:ids) and m.status = 'PROCESSING'
                        """)
                .param("ids", uuids(ids))
                .query((row, _) -> rows.attempt(row))
                .list();
    }

    /** Lets a claimed message wait on, as if it had not been claimed, in the transaction that releases its claim. */
    public void putBack(UUID id, Instant until) {
        jdbc.sql("""
                        update message
                        set status = 'RETRY', next_attempt_at = :until, attempt_count = attempt_count - 1
                        where id = :id and status = 'PROCESSING'
                        """).param("id", id).param("until", until.atOffset(UTC)).update();
    }

    /**
     * Writes what an attempt did whose claim was lost: the provider has the message, whatever was thought meanwhile.
     *
     * @return true where the message is SENT by this; else only its timeline tells of it
     */
    public boolean applyLate(Change change) {
        boolean sent = jdbc.sql("""
                                update message
                                set status = 'SENT', updated_at = :at, recipients = :recipients::jsonb, next_attempt_at = null,
                                    sent_at = :at, events = events || :event::jsonb
                                where id = :id and status in ('ACCEPTED', 'RETRY', 'MANUAL_REVIEW')
                                """)
                        .param("id", change.messageId())
                        .param("at", change.at().atOffset(UTC))
                        .param("recipients", rows.json(change.recipients()))
                        .param("event", rows.json(change.event()))
                        .update()
                == 1;
        if (!sent) {
            jdbc.sql("update message set events = events || :event::jsonb where id = :id")
                    .param("id", change.messageId())
                    .param("event", rows.json(change.event()))
                    .update();
        }
        return sent;
    }

    /**
     * Removes ended messages in one short step, the oldest first; an open failure keeps its message.
     *
     * @param endedBefore only those that ended before
     * @param after only those accepted after this one, to go on where the last step ended
     * @param max how many to look at
     * @return the message to go on from, or null where there is nothing left to look at
     */
    @Nullable UUID removeEnded(Instant endedBefore, UUID after, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, created_at, updated_at, status from message where id > :after order by id limit :max),
                        removed as (
                            delete from message
                            where id = any (array(
                                select id from step where updated_at < :endedBefore and status = any (:ended)))
                              and not exists (select from outbox o where o.aggregate_id = message.id and not o.published)
                              and not exists (
                                select from send_failure f where f.message_id = message.id and not f.handled)
                            returning id),
                        content as (
                            delete from message_content where message_id = any (array(select id from removed))),
                        failures as (
                            delete from send_failure where message_id = any (array(select id from removed)))
                        select id from step where created_at < :endedBefore order by id desc limit 1
                        """)
                .param("after", after)
                .param("max", max)
                .param("endedBefore", endedBefore.atOffset(UTC))
                .param(
                        "ended",
                        names(List.of(MessageStatus.values()).stream()
                                .filter(MessageStatus::ended)
                                .toList()))
                .query((row, _) -> row.getObject("id", UUID.class))
                .optional()
                .orElse(null);
    }

    private static java.time.@Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(UTC);
    }

    private static SqlArrayValue uuids(Collection<UUID> ids) {
        return new SqlArrayValue("uuid", ids.toArray());
    }

    private static SqlArrayValue names(Collection<MessageStatus> statuses) {
        return new SqlArrayValue(
                "text", statuses.stream().map(MessageStatus::name).toArray());
    }
}
