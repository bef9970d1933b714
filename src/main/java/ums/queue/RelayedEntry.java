package ums.queue;

import java.time.Instant;
import java.util.UUID;

/**
 * A ready entry, as a record on the topic describes it. It gives no right to send: only a claim does.
 *
 * @param outboxId the entry's id
 * @param messageId the message
 * @param channel the message's channel
 * @param priority the entry's priority
 * @param attemptCount attempts claimed so far on this entry
 * @param createdAt when the entry was appended
 */
public record RelayedEntry(
        long outboxId, UUID messageId, String channel, Priority priority, int attemptCount, Instant createdAt) {}
