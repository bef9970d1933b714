package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.queue.Priority;

/**
 * What a person's decision about a message depends on, read under a lock.
 *
 * @param id the message
 * @param client whose it is
 * @param channel what it goes by
 * @param status where it stands
 * @param priority its place in the queue
 * @param attemptCount attempts begun so far
 * @param expiresAt after which sending it is pointless, or null
 * @param onUnknown what an unknown outcome means for it; null for the default of the process that sends it
 * @param recipients all of them, in whatever state
 * @param unreadable the columns that cannot be read, for which something harmless stands here; usually none
 */
public record LockedMessage(
        UUID id,
        String client,
        String channel,
        MessageStatus status,
        Priority priority,
        int attemptCount,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown,
        List<RecipientState> recipients,
        List<String> unreadable) {

    /** True where it would come too late. */
    public boolean expired(Instant now) {
        return status == MessageStatus.EXPIRED || (expiresAt != null && !expiresAt.isAfter(now));
    }
}
