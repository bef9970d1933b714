package ums.failure;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;

/**
 * A message that an operator has to decide about: it failed, is in review, or was sent but refused for some of its recipients.
 *
 * @param id its UUIDv7
 * @param messageId the message
 * @param outboxId the queue entry of the last attempt
 * @param error why the attempt failed; its phase is not stored
 * @param attemptCount the attempt's number, counted over the message's whole life
 * @param occurredAt when the attempt was settled
 * @param handled true after a decision; an open failure keeps its message from being removed
 * @param handledBy the admin, or {@code ums}, or null while it is open
 * @param handledAt when it was handled, or null while it is open
 * @param resolution RETRIED, MARK_SENT, ABANDON, or the reason given to {@link Failures#close}; null while it is open
 */
public record SendFailure(
        UUID id,
        UUID messageId,
        long outboxId,
        Failure error,
        int attemptCount,
        Instant occurredAt,
        boolean handled,
        @Nullable String handledBy,
        @Nullable Instant handledAt,
        @Nullable String resolution) {}
