package ums.queue;

import java.util.UUID;

/**
 * An order that was taken out of the queue before anybody claimed it.
 *
 * @param outboxId the order
 * @param aggregateId the message
 */
public record Withdrawn(long outboxId, UUID aggregateId) {}
