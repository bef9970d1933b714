package ums.message;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.message.MessageEvents.MessageEnded;
import ums.queue.Withdrawn;

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
     * @param withdrawn the orders
     * @param event the word of their timelines
     * @return those that the table of transitions let through
     */
    List<MessageEnded> end(Collection<Withdrawn> withdrawn, MessageStatus status, String event, Instant at) {
        Map<UUID, Long> orders =
                withdrawn.stream().collect(Collectors.toMap(Withdrawn::aggregateId, Withdrawn::outboxId));
        return jdbc.sql("""
                        update message
                        set status = :status, updated_at = :at, next_attempt_at = null, events = %s || :event::jsonb
                        where id = any (:ids) and status = any (:from)
                        returning id, client, channel, attempt_count
                        """.formatted(MessageRepository.TIMELINE))
                .param("status", status.name())
                .param("at", at.atOffset(UTC))
                .param("event", rows.json(TimelineEvent.of(event, at, null)))
                .param("ids", new SqlArrayValue("uuid", orders.keySet().toArray()))
                .param(
                        "from",
                        new SqlArrayValue(
                                "text",
                                status.previous().stream()
                                        .map(MessageStatus::name)
                                        .toArray()))
                .query((row, _) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new MessageEnded(
                            id,
                            orders.getOrDefault(id, 0L),
                            row.getString("client"),
                            row.getString("channel"),
                            status,
                            row.getInt("attempt_count"));
                })
                .list();
    }
}
