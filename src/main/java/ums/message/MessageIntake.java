package ums.message;

import static java.time.ZoneOffset.UTC;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.stereotype.Repository;
import ums.channel.MessageSender;

/** The SQL by which messages come into the ledger, one or many in the same few round trips. */
@Repository
class MessageIntake {

    private final NamedParameterJdbcOperations jdbc;
    private final MessageRows rows = new MessageRows();

    MessageIntake(NamedParameterJdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes messages and their content.
     *
     * @return those that were written; of the others nothing was, as their idempotency key is taken, and whoever took it
     *     is committed or came before them in the same list
     */
    List<Row> insert(List<Row> messages, Instant now) {
        int[] counts = jdbc.batchUpdate(
                """
                insert into message (id, client, test, channel, status, purpose, priority, on_unknown, reference,
                    scheduled_at, expires_at, idempotency_key, request_hash, created_at, updated_at, next_attempt_at,
                    recipients)
                values (:id, :client, :test, :channel, 'ACCEPTED', :purpose, :priority, :onUnknown, :reference,
                    :scheduledAt, :expiresAt, :key, :hash, :now, :now, :scheduledAt, :recipients::jsonb)
                on conflict (client, idempotency_key) where idempotency_key is not null do nothing
                """, messages.stream().map(it -> message(it, now)).toArray(SqlParameterSource[]::new));
        List<Row> inserted = new ArrayList<>(messages.size());
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                inserted.add(messages.get(i));
            }
        }
        if (!inserted.isEmpty()) {
            jdbc.batchUpdate("""
                    insert into message_content (message_id, content, tags) values (:id, :content::jsonb, :tags::jsonb)
                    """, inserted.stream().map(this::content).toArray(SqlParameterSource[]::new));
        }
        return inserted;
    }

    /** The message that an idempotency key stands for. */
    Optional<Earlier> findByIdempotencyKey(String client, String key) {
        return jdbc
                .query(
                        """
                        select id, created_at, request_hash from message
                        where client = :client and idempotency_key = :key
                        """,
                        new MapSqlParameterSource().addValue("client", client).addValue("key", key),
                        (row, _) -> new Earlier(
                                row.getObject("id", UUID.class),
                                MessageRows.instant(row, "created_at"),
                                row.getBytes("request_hash")))
                .stream()
                .findFirst();
    }

    private SqlParameterSource message(Row row, Instant now) {
        NewMessage message = row.message();
        Options options = message.options();
        Idempotency idempotency = message.idempotency();
        return new MapSqlParameterSource()
                .addValue("id", row.id())
                .addValue("client", message.sender().client())
                .addValue("test", message.sender().test())
                .addValue("channel", message.channel())
                .addValue("purpose", options.purpose().name())
                .addValue("priority", options.priority().name())
                .addValue(
                        "onUnknown",
                        options.onUnknown() == null ? null : options.onUnknown().name(),
                        Types.VARCHAR)
                .addValue("reference", options.reference(), Types.VARCHAR)
                .addValue("scheduledAt", utc(options.scheduledAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("expiresAt", utc(options.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("key", idempotency == null ? null : idempotency.key(), Types.VARCHAR)
                .addValue("hash", idempotency == null ? null : idempotency.requestHash(), Types.BINARY)
                .addValue("now", now.atOffset(UTC))
                .addValue(
                        "recipients",
                        rows.json(row.prepared().recipients().stream()
                                .map(RecipientState::pending)
                                .toList()));
    }

    private SqlParameterSource content(Row row) {
        Options options = row.message().options();
        return new MapSqlParameterSource()
                .addValue("id", row.id())
                .addValue("content", rows.json(row.prepared().content()))
                .addValue("tags", options.tags().isEmpty() ? null : rows.json(options.tags()), Types.VARCHAR);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(UTC);
    }

    /**
     * A message that was found valid and got its id.
     *
     * @param index where it stands among those that were asked for together
     */
    record Row(int index, UUID id, NewMessage message, MessageSender.Prepared prepared) {}

    /** What stands behind an idempotency key. */
    record Earlier(UUID id, Instant createdAt, byte[] requestHash) {}
}
