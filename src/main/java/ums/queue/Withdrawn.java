package ums.queue;

import java.util.UUID;

/**
 * An entry that was removed from the queue (DONE) before any process claimed it.
 *
 * @param outboxId the queue entry
 * @param aggregateId the message
 */
public record Withdrawn(long outboxId, UUID aggregateId) {}
