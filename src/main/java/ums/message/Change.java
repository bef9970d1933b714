package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt changes its message.
 *
 * @param messageId the message
 * @param status where it goes
 * @param at when
 * @param recipients what became of each
 * @param error why it failed, or null to leave the last one standing
 * @param nextAttemptAt when the next attempt is due, or null
 * @param event what its timeline says
 * @param counts false where the attempt costs the message nothing
 */
public record Change(
        UUID messageId,
        MessageStatus status,
        Instant at,
        List<RecipientState> recipients,
        @Nullable LastError error,
        @Nullable Instant nextAttemptAt,
        TimelineEvent event,
        boolean counts) {}
