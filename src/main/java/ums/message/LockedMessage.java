package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.queue.Priority;

/**
 * A message as a decision about it needs it, read under a lock.
 *
 * @param id the message
 * @param client its client
 * @param channel its channel
 * @param form the form of its stored content
 * @param status its status
 * @param priority its priority in the queue
 * @param attemptCount attempts begun so far
 * @param expiresAt from when on it is not sent, or null for never
 * @param onUnknown what follows an unknown outcome; null for the default of the process that sends it
 * @param recipients all of them, whatever their status
 * @param unreadable the columns that cannot be read and have a default here; usually none
 */
public record LockedMessage(
        UUID id,
        String client,
        String channel,
        int form,
        MessageStatus status,
        Priority priority,
        int attemptCount,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown,
        List<RecipientState> recipients,
        List<String> unreadable) {

    /** Whether it is too late to send it. */
    public boolean expired(Instant now) {
        return status == MessageStatus.EXPIRED || (expiresAt != null && !expiresAt.isAfter(now));
    }
}
