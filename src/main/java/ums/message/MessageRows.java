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
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.Content;
import ums.message.Message.Progress;
import ums.outbox.Priority;

/** Rows of the ledger as objects, and its JSON columns. */
final class MessageRows {

    private static final TypeReference<List<TimelineEvent>> EVENTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    private final JsonMapper json = JsonMapper.builder().build();
    private final StoredJson stored = new StoredJson(json);

    /** What lists show of a content. */
    String json(Content content) {
        return stored.content(content);
    }

    /** What else a content holds. */
    String body(Content content) {
        return stored.body(content);
    }

    String json(List<RecipientState> recipients) {
        return stored.recipients(recipients);
    }

    String json(TimelineEvent event) {
        return stored.event(event);
    }

    String json(Map<String, String> tags) {
        return json.writeValueAsString(tags);
    }

    String json(LastError error) {
        return json.writeValueAsString(error);
    }

    /** With all that the channel sends. */
    Message whole(ResultSet row) throws SQLException {
        return message(row, content(row));
    }

    /** Without what can be long. */
    Message brief(ResultSet row) throws SQLException {
        return message(row, stored.content(row.getString("content"), null));
    }

    private Content content(ResultSet row) throws SQLException {
        return stored.content(row.getString("content"), row.getString("body"));
    }

    private Message message(ResultSet row, Content content) throws SQLException {
        String tags = row.getString("tags");
        return new Message(
                row.getObject("id", UUID.class),
                row.getString("client"),
                row.getBoolean("test"),
                row.getString("channel"),
                content,
                new Options(
                        row.getString("reference"),
                        tags == null ? Map.of() : json.readValue(tags, TAGS),
                        Purpose.valueOf(row.getString("purpose")),
                        Priority.valueOf(row.getString("priority")),
                        maybe(row, "scheduled_at"),
                        maybe(row, "expires_at"),
                        onUnknown(row)),
                recipients(row),
                progress(row));
    }

    Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                row.getObject("id", UUID.class),
                row.getString("client"),
                row.getBoolean("test"),
                Purpose.valueOf(row.getString("purpose")),
                row.getInt("attempt_count") + 1,
                instant(row, "created_at"),
                maybe(row, "expires_at"),
                onUnknown(row),
                recipients(row),
                content(row),
                row.getString("traceparent"));
    }

    List<RecipientState> recipients(ResultSet row) throws SQLException {
        return stored.recipients(row.getString("recipients"));
    }

    /** What every message begins with is not stored a second time as an event. */
    List<TimelineEvent> timeline(ResultSet row) throws SQLException {
        List<TimelineEvent> timeline = new ArrayList<>();
        timeline.add(TimelineEvent.of("accepted", instant(row, "created_at"), null));
        timeline.addAll(json.readValue(row.getString("events"), EVENTS));
        return timeline;
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** What is claimed is under way: its own row tells of it only when the attempt is over. */
    private Progress progress(ResultSet row) throws SQLException {
        MessageStatus status = MessageStatus.valueOf(row.getString("status"));
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
        String lastError = row.getString("last_error");
        return new Progress(
                status,
                attempts,
                instant(row, "created_at"),
                updatedAt,
                startedAt,
                nextAttemptAt,
                maybe(row, "sent_at"),
                lastError == null ? null : json.readValue(lastError, LastError.class));
    }

    private static @Nullable OnUnknown onUnknown(ResultSet row) throws SQLException {
        String value = row.getString("on_unknown");
        return value == null ? null : OnUnknown.valueOf(value);
    }
}
