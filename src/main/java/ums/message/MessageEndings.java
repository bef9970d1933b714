package ums.message;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.logging.MessageLog.Subject;
import ums.message.MessageEvents.MessageEnded;
import ums.queue.Queue;
import ums.queue.Withdrawn;

/**
 * Ends messages without an attempt, in the caller's transaction: cancels or expires them. Writes the queue first and the ledger
 * second, as settlements do, so that the two do not deadlock.
 */
@Repository
class MessageEndings {

    private final JdbcClient jdbc;
    private final Queue queue;
    private final ApplicationEventPublisher events;

    MessageEndings(JdbcClient jdbc, Queue queue, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.queue = queue;
        this.events = events;
    }

    /** @return false if the message is claimed or has ended; nothing was changed then */
    boolean cancel(UUID id, Instant at) {
        List<Withdrawn> withdrawn = queue.withdraw(id).stream().toList();
        return end(withdrawn, MessageStatus.CANCELED, "canceled", at) > 0;
    }

    /** @return how many entries left the queue, {@code max} at most */
    int expire(Instant now, int max) {
        List<Withdrawn> withdrawn = queue.expire(now, max);
        end(withdrawn, MessageStatus.EXPIRED, "expired", now);
        return withdrawn.size();
    }

    /** @return how many messages the table of transitions lets go there */
    private int end(Collection<Withdrawn> withdrawn, MessageStatus status, String event, Instant at) {
        if (withdrawn.isEmpty()) {
            return 0;
        }
        Map<UUID, Long> entries =
                withdrawn.stream().collect(Collectors.toMap(Withdrawn::aggregateId, Withdrawn::outboxId));
        List<MessageEnded> ended = jdbc.sql("""
                        update message
                        set status = :status, updated_at = :at, next_attempt_at = null, events = %s || :event::jsonb
                        where id = any (:ids) and status = any (:from)
                        returning id, client, channel, attempt_count
                        """.formatted(MessageRepository.TIMELINE))
                .param("status", status.name())
                .param("at", at.atOffset(UTC))
                .param("event", StoredJson.event(TimelineEvent.of(event, at, null)))
                .param("ids", new SqlArrayValue("uuid", entries.keySet().toArray()))
                .param(
                        "from",
                        new SqlArrayValue(
                                "text",
                                status.previous().stream()
                                        .map(MessageStatus::name)
                                        .toArray()))
                .query((row, _) -> {
                    UUID id = row.getObject("id", UUID.class);
                    Subject subject = new Subject(
                            id,
                            entries.getOrDefault(id, 0L),
                            row.getInt("attempt_count"),
                            row.getString("client"),
                            row.getString("channel"),
                            null);
                    return new MessageEnded(subject, status);
                })
                .list();
        ended.forEach(events::publishEvent);
        return ended.size();
    }
}
