package ums.message;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.message.MessageEvents.MessageEnded;

/** The SQL by which a message ends without an attempt: canceled or expired. */
@Repository
class MessageEndings {

    private final JdbcClient jdbc;
    private final MessageRows rows = new MessageRows();

    MessageEndings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Ends messages, in the transaction that takes their orders out of the queue.
     *
     * @param event the word of their timelines
     * @return those that the table of transitions let through
     */
    List<MessageEnded> end(Collection<UUID> ids, MessageStatus status, String event, Instant at) {
        return jdbc.sql("""
                        update message
                        set status = :status, updated_at = :at, next_attempt_at = null, events = events || :event::jsonb
                        where id = any (:ids) and status = any (:from)
                        returning id, channel
                        """)
                .param("status", status.name())
                .param("at", at.atOffset(UTC))
                .param("event", rows.json(TimelineEvent.of(event, at, null)))
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .param(
                        "from",
                        new SqlArrayValue(
                                "text",
                                status.previous().stream()
                                        .map(MessageStatus::name)
                                        .toArray()))
                .query((row, _) -> new MessageEnded(row.getObject("id", UUID.class), row.getString("channel"), status))
                .list();
    }
}
