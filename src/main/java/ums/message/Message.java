package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Failure;

/**
 * A message in the ledger.
 *
 * @param id its UUIDv7
 * @param client its owner
 * @param test true for a test key's message, which never leaves the machine
 * @param channel its channel
 * @param content its content as requested, or null if it cannot be read
 * @param options its options as requested
 * @param recipients its recipients and the state of each, in the sequence to, cc, bcc
 * @param progress its status and times
 */
public record Message(
        UUID id,
        String client,
        boolean test,
        String channel,
        @Nullable Content content,
        Options options,
        List<RecipientState> recipients,
        Progress progress) {

    /** The client and mode that it belongs to. */
    public Owner owner() {
        return new Owner(client, test);
    }

    /**
     * How far a message has come.
     *
     * @param status its status
     * @param attemptCount attempts begun, over its whole life
     * @param createdAt when it was accepted
     * @param updatedAt when its status changed last
     * @param processingStartedAt when the last attempt began, or null before the first
     * @param nextAttemptAt when the next attempt is due, or null if none is planned
     * @param sentAt when the provider took it, or null
     * @param lastError why the last failed attempt failed, or null
     * @param provider the id of the account that had the last attempt or has to have the next one, or null
     * @param bound whether no other account may have it
     */
    public record Progress(
            MessageStatus status,
            int attemptCount,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant processingStartedAt,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant sentAt,
            @Nullable Failure lastError,
            @Nullable String provider,
            boolean bound) {

        /** The same with another error. */
        Progress with(Failure error) {
            return new Progress(
                    status,
                    attemptCount,
                    createdAt,
                    updatedAt,
                    processingStartedAt,
                    nextAttemptAt,
                    sentAt,
                    error,
                    provider,
                    bound);
        }
    }
}
