package ums.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A queue entry to append: a message to send.
 *
 * @param aggregateId the message
 * @param channel the message's channel
 * @param form the form of the message's stored content: only processes that know it claim the entry
 * @param priority higher priorities are claimed first
 * @param createdAt when the message was accepted
 * @param notBefore when the entry becomes due; null for at once
 * @param expiresAt when the entry expires; it is not claimed from then on; null for never
 * @param review true if an operator reviews an unknown outcome, false if the message is sent again, null for the default of the
 *     claiming process
 */
public record NewEntry(
        UUID aggregateId,
        String channel,
        int form,
        Priority priority,
        Instant createdAt,
        @Nullable Instant notBefore,
        @Nullable Instant expiresAt,
        @Nullable Boolean review) {

    /** The version of stored content that this release writes. It claims entries of this form and of earlier ones. */
    public static final int FORM = 1;
}
