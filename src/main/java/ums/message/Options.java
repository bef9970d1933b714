package ums.message;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ums.queue.Priority;

/**
 * The options of a message, the same for all channels.
 *
 * @param reference the caller's own name for the subject of the message, or null
 * @param tags the caller's labels, in the caller's sequence
 * @param purpose its purpose
 * @param priority its priority in the queue
 * @param scheduledAt it is not sent before, or null for at once
 * @param expiresAt it is not sent from this time on, or null for never
 * @param onUnknown what follows an unknown outcome, or null for the configured default
 */
public record Options(
        @Nullable String reference,
        Map<String, String> tags,
        Purpose purpose,
        Priority priority,
        @Nullable Instant scheduledAt,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown) {

    /** The defaults: normal priority and purpose, at once, no reference. */
    public static final Options NONE = new Options(null, Map.of(), Purpose.NORMAL, Priority.NORMAL, null, null, null);

    /** When a message is ready to be sent, which is the date of its mail: the later of the two times. */
    static Instant date(Instant createdAt, @Nullable Instant scheduledAt) {
        return scheduledAt != null && scheduledAt.isAfter(createdAt) ? scheduledAt : createdAt;
    }
}
