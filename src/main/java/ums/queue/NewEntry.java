package ums.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to send.
 *
 * @param aggregateId the message
 * @param channel the channel it goes by
 * @param priority its place in the queue
 * @param createdAt when it was asked for
 * @param notBefore when it becomes due; null for at once
 * @param expiresAt from when on it is not claimed any more; null for never
 * @param review whether an unknown outcome goes to a person; false where it is sent again, null for the default of whoever
 *     claims it
 */
public record NewEntry(
        UUID aggregateId,
        String channel,
        Priority priority,
        Instant createdAt,
        @Nullable Instant notBefore,
        @Nullable Instant expiresAt,
        @Nullable Boolean review) {

    /** The stored form of content that this version writes. It claims entries of this form and of earlier ones. */
    public static final int FORM = 1;
}
