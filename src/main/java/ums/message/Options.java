package ums.message;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ums.queue.Priority;

/**
 * How a message is to be treated, whatever its channel.
 *
 * @param reference the caller's own name for what the message is about, or null
 * @param tags the caller's labels, in his order
 * @param purpose what it is for
 * @param priority which are sent first
 * @param scheduledAt not before this moment, or null for at once
 * @param expiresAt not after this moment, or null for whenever
 * @param onUnknown what an unknown outcome means for it, or null for the configured default
 */
public record Options(
        @Nullable String reference,
        Map<String, String> tags,
        Purpose purpose,
        Priority priority,
        @Nullable Instant scheduledAt,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown) {

    /** Nothing special: normal priority and purpose, at once, no reference. */
    public static final Options NONE = new Options(null, Map.of(), Purpose.NORMAL, Priority.NORMAL, null, null, null);

    /** When a message is ready to be sent, which is what its mail is dated: the later of the two moments. */
    static Instant date(Instant createdAt, @Nullable Instant scheduledAt) {
        return scheduledAt != null && scheduledAt.isAfter(createdAt) ? scheduledAt : createdAt;
    }
}
