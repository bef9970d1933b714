package ums.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands in the table, for those who look.
 *
 * @param id its number
 * @param aggregateId the message
 * @param channel the channel it goes by
 * @param priority its place in the queue
 * @param published true once the queue is done with it, however it ended
 * @param attemptCount attempts claimed so far on this order
 * @param createdAt when it was appended
 * @param nextAttemptAt what it waits for, null where it waits for nothing
 * @param processingStartedAt since when it has been claimed, null where it is not
 */
public record OutboxEntry(
        long id,
        UUID aggregateId,
        String channel,
        Priority priority,
        boolean published,
        int attemptCount,
        Instant createdAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant processingStartedAt) {}
