package ums.message;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.channel.Channel;
import ums.channel.Content;
import ums.queue.NewEntry;

/**
 * The SQL that accepts messages. One statement inserts ledger, content and queue entry of all its messages: outside a
 * transaction that is one round trip and one commit.
 */
@Repository
class MessageInserter {

    private static final HexFormat HEX = HexFormat.of();

    /** The sequence in which rows are inserted, so that two statements with common keys do not deadlock. */
    private static final Comparator<Row> BY_KEY =
            comparing(Row::client).thenComparing(Row::test).thenComparing(it -> it.key() == null ? "" : it.key());

    private final JdbcClient jdbc;

    MessageInserter(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Makes the row of a message. Called on the request's own thread, so that requests share only the statement. */
    Row row(
            UUID id,
            Instant createdAt,
            NewMessage message,
            Channel.Prepared<Content> prepared,
            @Nullable String traceparent) {
        Options options = message.options();
        return new Row(
                id,
                createdAt,
                message,
                prepared,
                StoredJson.recipients(prepared.recipients().stream()
                        .map(RecipientState::pending)
                        .toList()),
                prepared.content().stored(),
                options.tags().isEmpty() ? null : StoredJson.tags(options.tags()),
                traceparent);
    }

    /**
     * Inserts messages and their queue entries. {@code idempotency_key} has few rows or none, and is searched once for each row
     * with a key; OFFSET keeps the planner from reading all of it at once.
     *
     * @param direct the claim for direct dispatch, or null
     * @param claimed the messages that are claimed on insert
     * @return the inserted messages; the others have an idempotency key of an earlier message, which is committed or precedes
     *     them in the list
     */
    List<Written> insert(List<Row> messages, DirectClaims.@Nullable Reservation direct, Collection<Row> claimed) {
        List<Row> sorted = messages.stream().sorted(BY_KEY).toList();
        return jdbc.sql("""
                        with asked as materialized (
                            select * from unnest(:ids, :clients, :test, :channels, :purposes, :priorities, :onUnknown,
                                :references, :scheduledAt, :expiresAt, :keys, :hashes, :createdAt, :recipients, :summaries, :contents,
                                :tags, :traceparents, :first, :all, :providers)
                                as asked (id, client, test, channel, purpose, priority, on_unknown,
                                    reference, scheduled_at, expires_at, key, hash, created_at, recipients, summary, content,
                                    tags, traceparent, first, everyone, provider)),
                        accepted as (
                            insert into message (id, client, test, channel, status, purpose, priority, on_unknown, reference,
                                scheduled_at, expires_at, idempotency_key, request_hash, created_at, updated_at,
                                next_attempt_at, recipients, provider, bound)
                            select id, client, test, channel, 'ACCEPTED', purpose, priority, on_unknown, reference,
                                scheduled_at, expires_at, key, decode(hash, 'hex'), created_at, created_at,
                                scheduled_at, recipients::jsonb, provider, provider is not null
                            from asked
                            where key is null or not exists (
                                select from idempotency_key moved
                                where moved.client = asked.client and moved.test = asked.test and moved.idempotency_key = key
                                offset 0)
                            on conflict (client, test, idempotency_key) where idempotency_key is not null do nothing
                            returning id, channel, priority, on_unknown, scheduled_at, expires_at, created_at),
                        content as (
                            insert into message_content (message_id, form, summary, content, tags, traceparent, recipient, recipients)
                            select id, :form, summary, content, tags, traceparent, lower(first), lower(everyone)::text[]
                            from asked where id in (select id from accepted)),
                        entry as (
                            insert into outbox (aggregate_id, channel, form, priority, state, created_at, next_attempt_at,
                                expires_at, review, processing_started_at, claim_token, claimed_by, attempt_count, in_doubt, provider)
                            select id, channel, :form, case priority when 'HIGH' then 0 when 'NORMAL' then 1 else 2 end,
                                case when claimed then 'PROCESSING' when due is not null then 'DELAYED' else 'READY' end,
                                created_at, due, expires_at, on_unknown = 'REVIEW',
                                case when claimed then now() end, case when claimed then :token::uuid end,
                                case when claimed then :owner end, claimed::integer,
                                claimed and not coalesce(on_unknown = 'REVIEW', :reviews),
                                case when claimed then :accounts::jsonb ->> channel end
                            from (
                                select *, id = any (:claimed) as claimed,
                                    case when scheduled_at > least(created_at, now()) then scheduled_at end as due
                                from accepted) accepted
                            returning id, aggregate_id, processing_started_at)
                        select id, aggregate_id, processing_started_at from entry
                        """)
                .param("ids", array("uuid", sorted, Row::id))
                .param("clients", array("text", sorted, Row::client))
                .param("test", array("boolean", sorted, Row::test))
                .param("channels", array("text", sorted, it -> it.message().channel()))
                .param("purposes", array("text", sorted, it -> it.options().purpose()))
                .param("priorities", array("text", sorted, it -> it.options().priority()))
                .param("onUnknown", array("text", sorted, it -> it.options().onUnknown()))
                .param("references", array("text", sorted, it -> it.options().reference()))
                .param(
                        "scheduledAt",
                        array("timestamptz", sorted, it -> it.options().scheduledAt()))
                .param(
                        "expiresAt",
                        array("timestamptz", sorted, it -> it.options().expiresAt()))
                .param("keys", array("text", sorted, Row::key))
                .param("hashes", array("text", sorted, Row::hash))
                .param("createdAt", array("timestamptz", sorted, Row::createdAt))
                .param("recipients", array("text", sorted, Row::recipients))
                .param("summaries", array("text", sorted, it -> it.content().summary()))
                .param("contents", array("text", sorted, it -> it.content().rest()))
                .param("form", NewEntry.FORM)
                .param("tags", array("text", sorted, Row::tags))
                .param("traceparents", array("text", sorted, Row::traceparent))
                .param("first", array("text", sorted, Row::firstAddress))
                .param("all", array("text", sorted, Row::allAddresses))
                .param("providers", array("text", sorted, it -> it.message().provider()))
                .param("accounts", direct == null ? null : direct.claimant().providers(), Types.VARCHAR)
                .param("claimed", array("uuid", List.copyOf(claimed), Row::id))
                .param("token", direct == null ? null : direct.token().toString(), Types.VARCHAR)
                .param("owner", direct == null ? null : direct.claimant().process(), Types.VARCHAR)
                .param("reviews", direct != null && direct.claimant().reviews())
                .query((row, _) -> new Written(
                        row.getObject("aggregate_id", UUID.class),
                        row.getLong("id"),
                        MessageRows.maybe(row, "processing_started_at")))
                .list();
    }

    /** The message of an idempotency key, even if the message itself is removed by now. */
    Optional<Earlier> findByIdempotencyKey(Owner owner, String key) {
        return jdbc.sql("""
                        select id, created_at, request_hash from message
                        where client = :client and test = :test and idempotency_key = :key
                        union all
                        select message_id, created_at, request_hash from idempotency_key
                        where client = :client and test = :test and idempotency_key = :key
                        limit 1
                        """)
                .param("client", owner.client())
                .param("test", owner.test())
                .param("key", key)
                .query((row, _) -> new Earlier(
                        row.getObject("id", UUID.class),
                        MessageRows.instant(row, "created_at"),
                        row.getBytes("request_hash")))
                .optional();
    }

    private static SqlArrayValue array(String type, List<Row> rows, Function<Row, @Nullable Object> value) {
        return new SqlArrayValue(
                type,
                rows.stream()
                        .map(value)
                        .map(it -> it == null ? null : it.toString())
                        .toArray(String[]::new));
    }

    /**
     * A valid message, ready to be inserted.
     *
     * @param prepared the content as its channel completed it
     * @param recipients as JSON
     * @param content the content as JSON
     * @param tags as JSON, or null for none
     * @param traceparent the caller's trace, or null
     */
    record Row(
            UUID id,
            Instant createdAt,
            NewMessage message,
            Channel.Prepared<Content> prepared,
            String recipients,
            Content.Stored content,
            @Nullable String tags,
            @Nullable String traceparent) {

        /** The length of the stored content in characters. */
        int contentLength() {
            return content.length();
        }

        String client() {
            return message.sender().client();
        }

        boolean test() {
            return message.sender().test();
        }

        Options options() {
            return message.options();
        }

        /** Whether it may be sent as soon as it is accepted. */
        boolean ready() {
            return options().scheduledAt() == null;
        }

        /** When it is due, or null for at once, by this process's clock; the statement compares with the database's clock too. */
        @Nullable Instant notBefore() {
            Instant scheduledAt = options().scheduledAt();
            return scheduledAt != null && scheduledAt.isAfter(createdAt) ? scheduledAt : null;
        }

        /** The message for its first attempt, as it would be loaded from the database. */
        LoadedMessage loaded() {
            return new LoadedMessage(
                    id,
                    client(),
                    test(),
                    options().purpose(),
                    1,
                    createdAt,
                    Options.date(createdAt, options().scheduledAt()),
                    options().expiresAt(),
                    options().onUnknown(),
                    message.provider(),
                    prepared.recipients().stream().map(RecipientState::pending).toList(),
                    prepared.content(),
                    0,
                    List.of(),
                    traceparent);
        }

        private String firstAddress() {
            return prepared.recipients().getFirst().address();
        }

        /** A PostgreSQL array literal, or null for a single recipient. */
        private @Nullable String allAddresses() {
            if (prepared.recipients().size() == 1) {
                return null;
            }
            return prepared.recipients().stream()
                    .map(it -> it.address().replace("\\", "\\\\").replace("\"", "\\\""))
                    .collect(joining("\",\"", "{\"", "\"}"));
        }

        private @Nullable String key() {
            Idempotency idempotency = message.idempotency();
            return idempotency == null ? null : idempotency.key();
        }

        private @Nullable String hash() {
            Idempotency idempotency = message.idempotency();
            return idempotency == null ? null : HEX.formatHex(idempotency.requestHash());
        }
    }

    /**
     * An inserted message.
     *
     * @param id the message
     * @param outboxId its queue entry
     * @param claimedAt when the entry was claimed, by the database's clock, or null if it was not
     */
    record Written(UUID id, long outboxId, @Nullable Instant claimedAt) {}

    /** The message of an idempotency key. */
    record Earlier(UUID id, Instant createdAt, byte[] requestHash) {}
}
