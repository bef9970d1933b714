package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;

/**
 * A change of a message by an attempt or a decision.
 *
 * @param messageId the message
 * @param status its new status
 * @param at when
 * @param recipients the new state of its recipients, or null to leave the stored one
 * @param error the new last error, or null to leave the stored one
 * @param nextAttemptAt when the next attempt is due, or null
 * @param event the event for its timeline
 * @param startedAt when the attempt began, or null for a decision
 * @param counts whether it is counted as an attempt
 * @param provider the id of the account that the attempt was at, or null to leave the stored one
 * @param bound whether no other account may have the message from now on; it stays bound if it was
 */
public record MessageUpdate(
        UUID messageId,
        MessageStatus status,
        Instant at,
        @Nullable List<RecipientState> recipients,
        @Nullable Failure error,
        @Nullable Instant nextAttemptAt,
        TimelineEvent event,
        @Nullable Instant startedAt,
        boolean counts,
        @Nullable String provider,
        boolean bound) {

    /** A change at no provider. */
    public MessageUpdate(
            UUID messageId,
            MessageStatus status,
            Instant at,
            @Nullable List<RecipientState> recipients,
            @Nullable Failure error,
            @Nullable Instant nextAttemptAt,
            TimelineEvent event,
            @Nullable Instant startedAt,
            boolean counts) {
        this(messageId, status, at, recipients, error, nextAttemptAt, event, startedAt, counts, null, false);
    }
}
