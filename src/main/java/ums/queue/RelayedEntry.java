package ums.queue;

import java.time.Instant;
import java.util.UUID;

/**
 * An order that is ready, as it is told on a topic. It gives no right to send.
 *
 * @param outboxId its number
 * @param messageId the message
 * @param channel the channel it goes by
 * @param priority its place in the queue
 * @param attemptCount attempts claimed so far on this order
 * @param createdAt when it was appended
 */
public record RelayedEntry(
        long outboxId, UUID messageId, String channel, Priority priority, int attemptCount, Instant createdAt) {}
