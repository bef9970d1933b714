package ums.message;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.message.Message.Progress;
import ums.queue.Priority;

/** Maps the ledger's rows to objects. */
@Component
final class MessageRows {

    private static final TypeReference<List<TimelineEvent>> EVENTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    private static final Logger log = LoggerFactory.getLogger(MessageRows.class);

    private final JsonMapper json = JsonMapper.builder().build();
    private final JsonMapper lenient = JsonMapper.builder()
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();
    private final Channels channels;

    MessageRows(Channels channels) {
        this.channels = channels;
    }

    /** With the complete content. A column that cannot be read is empty, and the last error names it. */
    Message whole(ResultSet row) throws SQLException {
        Columns columns = new Columns();
        return message(row, columns, content(row, columns));
    }

    /** Without text, html and headers, which can be long. */
    Message brief(ResultSet row) throws SQLException {
        Columns columns = new Columns();
        return message(row, columns, columns.maybe("summary", () -> stored(row, null)));
    }

    private @Nullable Content content(ResultSet row, Columns columns) throws SQLException {
        String content = row.getString("content");
        return columns.maybe("content", () -> stored(row, content));
    }

    /** @param rest null for the part of the content that lists show */
    private Content stored(ResultSet row, @Nullable String rest) throws SQLException {
        return channels.find(row.getString("channel")).orElseThrow().form().stored(row.getString("summary"), rest);
    }

    private Message message(ResultSet row, Columns columns, @Nullable Content content) throws SQLException {
        Options options = new Options(
                row.getString("reference"),
                columns.read("tags", Map.of(), () -> tags(row)),
                purpose(row, columns),
                priority(row, columns),
                maybe(row, "scheduled_at"),
                maybe(row, "expires_at"),
                onUnknown(row, columns));
        List<RecipientState> recipients = recipients(row, columns);
        Progress progress = progress(row, columns);
        return new Message(
                row.getObject("id", UUID.class),
                row.getString("client"),
                row.getBoolean("test"),
                row.getString("channel"),
                content,
                options,
                recipients,
                columns.unreadable.isEmpty() ? progress : progress.with(unreadable(columns.unreadable)));
    }

    /** Why a message cannot be sent, or shown completely. */
    static Failure unreadable(List<String> columns) {
        return Failure.of(ErrorType.INVALID, "The message's stored " + String.join(", ", columns) + " cannot be read.");
    }

    LoadedMessage loaded(ResultSet row) throws SQLException {
        Instant createdAt = instant(row, "created_at");
        Columns columns = new Columns();
        List<RecipientState> recipients = recipients(row, columns);
        boolean whole = row.getString("content") != null;
        Content content = row.getString("summary") == null ? null : content(row, columns);
        status(row, columns);
        return new LoadedMessage(
                row.getObject("id", UUID.class),
                row.getString("client"),
                row.getBoolean("test"),
                purpose(row, columns),
                row.getInt("attempt_count") + 1,
                createdAt,
                Options.date(createdAt, maybe(row, "scheduled_at")),
                maybe(row, "expires_at"),
                onUnknown(row, columns),
                row.getString("bound_to"),
                recipients,
                content,
                whole ? 0 : row.getLong("length"),
                List.copyOf(columns.unreadable),
                row.getString("traceparent"));
    }

    /** Adds the content that the message was loaded without. */
    LoadedMessage withContent(LoadedMessage message, ResultSet row) throws SQLException {
        Columns columns = new Columns();
        Content content = content(row, columns);
        return content == null ? message.withoutContent() : message.with(content);
    }

    /** Whether an attempt can read the content. */
    boolean isContentReadable(ResultSet row) throws SQLException {
        Columns columns = new Columns();
        content(row, columns);
        return columns.unreadable.isEmpty();
    }

    /** Reads the columns that an attempt reads, by the same readers, as a message that no attempt can send is not retried. */
    LockedMessage locked(ResultSet row) throws SQLException {
        Columns columns = new Columns();
        MessageStatus status = status(row, columns);
        purpose(row, columns);
        Priority priority = priority(row, columns);
        OnUnknown onUnknown = onUnknown(row, columns);
        List<RecipientState> recipients = recipients(row, columns);
        return new LockedMessage(
                row.getObject("id", UUID.class),
                row.getString("client"),
                row.getString("channel"),
                row.getInt("form"),
                status,
                priority,
                row.getInt("attempt_count"),
                maybe(row, "expires_at"),
                onUnknown,
                recipients,
                List.copyOf(columns.unreadable));
    }

    /** The first event, accepted, is not stored: it follows from the row. */
    List<TimelineEvent> timeline(ResultSet row) throws SQLException {
        List<TimelineEvent> timeline = new ArrayList<>();
        timeline.add(TimelineEvent.of("accepted", instant(row, "created_at"), null));
        timeline.addAll(
                new Columns().read("events", List.of(), () -> lenient.readValue(row.getString("events"), EVENTS)));
        return timeline;
    }

    private List<RecipientState> recipients(ResultSet row, Columns columns) throws SQLException {
        return columns.read("recipients", List.of(), () -> StoredJson.recipients(row.getString("recipients")));
    }

    private Map<String, String> tags(ResultSet row) throws SQLException {
        String tags = row.getString("tags");
        return tags == null ? Map.of() : json.readValue(tags, TAGS);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** A claimed message is PROCESSING: its row is written only when the attempt is over. */
    private Progress progress(ResultSet row, Columns columns) throws SQLException {
        MessageStatus status = status(row, columns);
        int attempts = row.getInt("attempt_count");
        Instant updatedAt = instant(row, "updated_at");
        Instant startedAt = maybe(row, "processing_started_at");
        Instant nextAttemptAt = maybe(row, "next_attempt_at");
        Instant claimedAt = maybe(row, "claimed_at");
        if (claimedAt != null && status.next().contains(MessageStatus.PROCESSING)) {
            status = MessageStatus.PROCESSING;
            attempts++;
            updatedAt = claimedAt.isAfter(updatedAt) ? claimedAt : updatedAt;
            startedAt = claimedAt;
            nextAttemptAt = null;
        }
        return new Progress(
                status,
                attempts,
                instant(row, "created_at"),
                updatedAt,
                startedAt,
                nextAttemptAt,
                maybe(row, "sent_at"),
                columns.maybe("last_error", () -> lastError(row)),
                row.getString("provider"),
                row.getBoolean("bound"));
    }

    private @Nullable Failure lastError(ResultSet row) throws SQLException {
        String value = row.getString("last_error");
        return value == null ? null : json.readValue(value, Failure.class);
    }

    /** An unknown status is MANUAL_REVIEW, as an operator has to decide. */
    private static MessageStatus status(ResultSet row, Columns columns) throws SQLException {
        return columns.read(
                "status", MessageStatus.MANUAL_REVIEW, () -> MessageStatus.valueOf(row.getString("status")));
    }

    private static Purpose purpose(ResultSet row, Columns columns) throws SQLException {
        return columns.read("purpose", Purpose.NORMAL, () -> Purpose.valueOf(row.getString("purpose")));
    }

    private static Priority priority(ResultSet row, Columns columns) throws SQLException {
        return columns.read("priority", Priority.NORMAL, () -> Priority.valueOf(row.getString("priority")));
    }

    private static @Nullable OnUnknown onUnknown(ResultSet row, Columns columns) throws SQLException {
        return columns.maybe("on_unknown", () -> {
            String value = row.getString("on_unknown");
            return value == null ? null : OnUnknown.valueOf(value);
        });
    }

    /** Reads a row column by column, so that one that cannot be read does not affect the others. */
    private static final class Columns {

        private final List<String> unreadable = new ArrayList<>(0);

        private <T> T read(String column, T otherwise, Reading<T> reading) throws SQLException {
            T value = maybe(column, reading);
            return value == null ? otherwise : value;
        }

        private <T> @Nullable T maybe(String column, Reading<? extends @Nullable T> reading) throws SQLException {
            try {
                return reading.read();
            } catch (RuntimeException e) {
                log.debug("A row's {} cannot be read: {}", column, e.getClass().getName());
                unreadable.add(column);
                return null;
            }
        }
    }

    /** Reads one column. */
    private interface Reading<T extends @Nullable Object> {
        T read() throws SQLException;
    }
}
