package ums.failure;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;

/**
 * What is left for a person: a message that failed, is in review, or was sent but refused for some of its recipients.
 *
 * @param id its UUIDv7
 * @param messageId the message
 * @param outboxId the order whose last attempt it was
 * @param error why it failed; its phase is not kept
 * @param attemptCount which attempt it was, over the message's whole life
 * @param occurredAt when
 * @param handled true once somebody dealt with it; an open failure keeps its message from being removed
 * @param handledBy the admin, or {@code ums}, or null while it is open
 * @param handledAt when, or null while it is open
 * @param resolution how: RETRIED, MARK_SENT, ABANDON, or what {@link Failures#close} was told; null while it is open
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
