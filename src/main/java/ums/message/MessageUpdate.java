package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;

/**
 * How an attempt, or a decision about it, changes a message.
 *
 * @param messageId the message
 * @param status where it goes
 * @param at when
 * @param recipients what became of each, or null to leave them as they are stored
 * @param error why it failed, or null to leave the last one standing
 * @param nextAttemptAt when the next attempt is due, or null
 * @param event what its timeline says
 * @param startedAt when the attempt began, or null where there was none
 * @param counts true where an attempt ended that is to be counted
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
        boolean counts) {}
