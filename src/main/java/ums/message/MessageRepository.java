package ums.message;

import static java.time.ZoneOffset.UTC;

import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The SQL by which attempts load messages, and by which attempts and decisions change them. */
@Repository
public class MessageRepository {

    /** The stored statuses of a claimed message: its row keeps the one from before the claim. PROCESSING is written by hand only. */
    private static final Set<MessageStatus> UNDER_WAY =
            Set.of(MessageStatus.ACCEPTED, MessageStatus.RETRY, MessageStatus.PROCESSING);

    /** A row with another status was written by another version or is damaged. An attempt moves it to MANUAL_REVIEW. */
    private static final Set<MessageStatus> KNOWN = Set.of(MessageStatus.values());

    /** The longest content, in octets, that is loaded with a claim. A longer one is loaded by its own attempt. */
    static final int READ_WITH_CLAIM = 32_768;

    /** All content that is loaded with one claim is at most this part of the heap, whatever the number of its messages. */
    private static final long OF_THE_HEAP = 32;

    /** The timeline to append to; one that is no array is replaced, as otherwise the message could never be settled. */
    static final String TIMELINE = "case jsonb_typeof(events) when 'array' then events else '[]' end";

    private static final String ONE_MORE = TIMELINE + " || change.event::jsonb";

    private static final String LENGTH = "(octet_length(c.summary) + octet_length(c.content))";

    /**
     * The timeline with the event of an attempt that does not count. There can be any number of them, so equal ones in a row
     * are folded into one with a count, and unequal ones too once there are fifty events.
     * The inner CASE is evaluated first, as the operators fail on a timeline that is no array of objects.
     */
    private static final String FOLDED = """
            case when case when jsonb_typeof(m.events) = 'array' and jsonb_typeof(m.events -> -1) = 'object'
                then change.uncounted = 1 and change.status = 'RETRY'
                    and m.events -> -1 ->> 'type' = change.event::jsonb ->> 'type'
                    and (jsonb_array_length(m.events) >= 50
                        or (m.events -> -1) - '{at,count,until}'::text[] = change.event::jsonb - 'at') end
            then jsonb_set(m.events, '{-1}', change.event::jsonb || jsonb_build_object(
                'at', m.events -> -1 -> 'at', 'count', coalesce((m.events -> -1 ->> 'count')::integer, 1) + 1,
                'until', change.event::jsonb -> 'at'))
            else %s end""".formatted(ONE_MORE);

    private final JdbcClient jdbc;
    private final MessageRows rows;

    MessageRepository(JdbcClient jdbc, MessageRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /**
     * Loads claimed messages, in any sequence. A long content is left out, so that the memory is bounded. A row that cannot be
     * read is returned as such and does not affect the others.
     *
     * @return the messages that are waiting to be sent; those that have ended are missing
     */
    public List<LoadedMessage> load(Collection<UUID> ids) {
        return load(ids, longestWithClaim(ids.size()));
    }

    /** The same without content, for messages that are not sent now. */
    public List<LoadedMessage> loadWithoutContent(Collection<UUID> ids) {
        return load(ids, -1);
    }

    private List<LoadedMessage> load(Collection<UUID> ids, long longest) {
        return jdbc.sql("""
                        select m.id, m.client, m.test, m.channel, m.purpose, m.attempt_count, m.created_at, m.scheduled_at, m.expires_at,
                            m.on_unknown, m.recipients, m.status, case when m.bound then m.provider end as bound_to,
                            c.traceparent, %1$s as length,
                            case when octet_length(c.summary) <= :longest then c.summary end as summary,
                            case when %1$s <= :longest then c.content end as content
                        from message m join message_content c on c.message_id = m.id
                        where m.id = any (:ids) and c.message_id = any (:ids)
                          and (m.status = any (:from) or m.status <> all (:known))
                        """.formatted(LENGTH))
                .param("ids", uuids(ids))
                .param("longest", longest)
                .param("from", names(UNDER_WAY))
                .param("known", names(KNOWN))
                .query((row, _) -> rows.loaded(row))
                .list();
    }

    private static long longestWithClaim(int messages) {
        long share = Runtime.getRuntime().maxMemory() / OF_THE_HEAP / Math.max(1, messages);
        return Math.min(READ_WITH_CLAIM, share);
    }

    /** Loads the content that {@link #load} left out. */
    public LoadedMessage withContent(LoadedMessage message) {
        return jdbc.sql("""
                        select m.channel, c.summary, c.content
                        from message m join message_content c on c.message_id = m.id
                        where m.id = :id and c.message_id = :id
                        """)
                .param("id", message.id())
                .query((row, _) -> rows.withContent(message, row))
                .optional()
                .orElseGet(message::withoutContent);
    }

    /**
     * Writes the results of attempts, in the transaction that settles their claims.
     *
     * @return the messages that were changed; the table of transitions does not allow the change of the others
     */
    public Set<UUID> settle(List<MessageUpdate> changes) {
        return change(changes, UNDER_WAY);
    }

    /**
     * Writes a decision, in the transaction that has locked the message.
     *
     * @return false if the table of transitions does not allow it; nothing was changed then
     */
    public boolean apply(MessageUpdate change) {
        return change(List.of(change), change.status().previous()).contains(change.messageId());
    }

    private Set<UUID> change(List<MessageUpdate> changes, Collection<MessageStatus> from) {
        return Set.copyOf(jdbc.sql("""
                        update message m
                        set status = change.status, updated_at = 'epoch'::timestamptz + change.at * interval '1 microsecond',
                            recipients = coalesce(change.recipients::jsonb, m.recipients),
                            last_error = coalesce(change.error::jsonb, m.last_error),
                            next_attempt_at = change.next_attempt_at,
                            provider = coalesce(change.provider, m.provider), bound = m.bound or change.bound is not null,
                            sent_at = case when change.status = 'SENT'
                                then 'epoch'::timestamptz + change.at * interval '1 microsecond' else m.sent_at end,
                            events = %s,
                            attempt_count = m.attempt_count + 1 - coalesce(change.uncounted, 0),
                            processing_started_at = coalesce(
                                'epoch'::timestamptz + change.started_at * interval '1 microsecond', m.processing_started_at)
                        from unnest(:ids, :statuses, :at, :recipients, :errors, :next, :events, :uncounted, :started,
                                :providers, :bound)
                            as change (id, status, at, recipients, error, next_attempt_at, event, uncounted, started_at,
                                provider, bound)
                        where m.id = any (:ids) and m.id = change.id and (m.status = any (:from) or m.status <> all (:known))
                        returning m.id
                        """.formatted(changes.stream().allMatch(MessageUpdate::counts) ? ONE_MORE : FOLDED))
                .param("ids", array("uuid", changes, MessageUpdate::messageId, UUID[]::new))
                .param("statuses", array("text", changes, it -> it.status().name(), String[]::new))
                .param("at", array("bigint", changes, it -> micros(it.at()), Long[]::new))
                .param(
                        "recipients",
                        array(
                                "text",
                                changes,
                                it -> it.recipients() == null ? null : StoredJson.recipients(it.recipients()),
                                String[]::new))
                .param(
                        "errors",
                        array(
                                "text",
                                changes,
                                it -> it.error() == null ? null : StoredJson.failure(it.error()),
                                String[]::new))
                .param(
                        "next",
                        array(
                                "timestamptz",
                                changes,
                                it -> it.nextAttemptAt() == null
                                        ? null
                                        : it.nextAttemptAt().toString(),
                                String[]::new))
                .param("events", array("text", changes, it -> StoredJson.event(it.event()), String[]::new))
                .param("uncounted", array("integer", changes, it -> it.counts() ? null : 1, Integer[]::new))
                .param("started", array("bigint", changes, it -> micros(it.startedAt()), Long[]::new))
                .param("providers", array("text", changes, MessageUpdate::provider, String[]::new))
                .param("bound", array("integer", changes, it -> it.bound() ? 1 : null, Integer[]::new))
                .param("from", names(from))
                .param("known", names(KNOWN))
                .query(UUID.class)
                .list());
    }

    /**
     * Writes the success of an attempt whose claim was lost: the provider has the message, however the claim was settled
     * meanwhile. Called after the message's entry was withdrawn, unless it is claimed again.
     *
     * @return true if the message is SENT by this; else only its timeline records the success
     */
    public boolean applyLate(MessageUpdate change) {
        boolean sent = jdbc.sql("""
                                update message
                                set status = 'SENT', updated_at = :at, recipients = coalesce(:recipients::jsonb, recipients), next_attempt_at = null,
                                    provider = coalesce(:provider, provider), sent_at = :at, events = %s || :event::jsonb
                                where id = :id and status in ('ACCEPTED', 'RETRY', 'MANUAL_REVIEW')
                                  and not exists (
                                    select from outbox o
                                    where o.aggregate_id = :id and o.open)
                                """.formatted(TIMELINE))
                        .param("id", change.messageId())
                        .param("at", change.at().atOffset(UTC))
                        .param(
                                "recipients",
                                change.recipients() == null ? null : StoredJson.recipients(change.recipients()),
                                Types.VARCHAR)
                        .param("provider", change.provider(), Types.VARCHAR)
                        .param("event", StoredJson.event(change.event()))
                        .update()
                == 1;
        if (!sent) {
            jdbc.sql("update message set events = %s || :event::jsonb where id = :id".formatted(TIMELINE))
                    .param("id", change.messageId())
                    .param("event", StoredJson.event(change.event()))
                    .update();
        }
        return sent;
    }

    /** An empty array if no change has a value, which is usual: unnest pads it with nulls, and nothing is transferred. */
    private static <T> SqlArrayValue array(
            String type,
            List<MessageUpdate> changes,
            Function<MessageUpdate, @Nullable T> value,
            IntFunction<T[]> array) {
        Stream<MessageUpdate> those =
                changes.stream().anyMatch(it -> value.apply(it) != null) ? changes.stream() : Stream.empty();
        return new SqlArrayValue(type, those.map(value).toArray(array));
    }

    /** Microseconds since 1970, truncated; the database would round a time. */
    private static @Nullable Long micros(@Nullable Instant instant) {
        return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static SqlArrayValue uuids(Collection<UUID> ids) {
        return new SqlArrayValue("uuid", ids.toArray());
    }

    private static SqlArrayValue names(Collection<MessageStatus> statuses) {
        return new SqlArrayValue(
                "text", statuses.stream().map(MessageStatus::name).toArray());
    }
}
