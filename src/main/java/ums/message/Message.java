package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Failure;

/**
 * A message as the ledger knows it.
 *
 * @param id its UUIDv7
 * @param client who owns it
 * @param test true where it never leaves the machine
 * @param channel what it goes by
 * @param content what was asked for
 * @param options how it is to be treated
 * @param recipients whom it goes to and what became of each, in the order to, cc, bcc
 * @param progress what became of it
 */
public record Message(
        UUID id,
        String client,
        boolean test,
        String channel,
        Content content,
        Options options,
        List<RecipientState> recipients,
        Progress progress) {

    /** Whose it is. */
    public Owner owner() {
        return new Owner(client, test);
    }

    /**
     * What became of a message so far.
     *
     * @param status where it stands
     * @param attemptCount attempts begun, over its whole life
     * @param createdAt when it was accepted
     * @param updatedAt when its status changed last
     * @param processingStartedAt when the last attempt began, or null before the first
     * @param nextAttemptAt when the next is due, or null where none is planned
     * @param sentAt when the provider took it, or null
     * @param lastError why the last failed attempt failed, or null
     */
    public record Progress(
            MessageStatus status,
            int attemptCount,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant processingStartedAt,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant sentAt,
            @Nullable Failure lastError) {

        /** The same with another error. */
        Progress with(Failure error) {
            return new Progress(
                    status, attemptCount, createdAt, updatedAt, processingStartedAt, nextAttemptAt, sentAt, error);
        }
    }
}
