package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;

/**
 * What others may want to know as it happens, published within the transaction it belongs to: who writes to the database
 * listens there, who only tells others waits for the commit.
 */
public final class MessageEvents {

    private MessageEvents() {}

    /** Messages were accepted (not replays), in one transaction. */
    public record MessagesAccepted(List<MessageAccepted> messages) {}

    /**
     * One of them.
     *
     * @param id the message
     * @param outboxId the order in the queue
     * @param client whose it is
     * @param channel what it goes by
     * @param traceparent the caller's trace (W3C Trace Context), or null where none is kept
     */
    public record MessageAccepted(
            UUID id,
            long outboxId,
            String client,
            String channel,
            @Nullable String traceparent) {}

    /**
     * A message in review, or waiting for another attempt, turned out to have been taken by an earlier one.
     *
     * @param id the message
     * @param outboxId the order whose attempt it was
     * @param client whose it is
     * @param channel what it goes by
     * @param attempt which attempt it was, over the message's whole life
     */
    public record LateSuccess(UUID id, long outboxId, String client, String channel, int attempt) {}

    /**
     * A person moved a message.
     *
     * @param id the message
     * @param outboxId the order whose failure was decided about
     * @param client whose it is
     * @param channel what it goes by
     * @param status where it stands now: ACCEPTED where it is to be sent again
     * @param attempts how many there were over its whole life
     * @param at when
     */
    public record MessageDecided(
            UUID id, long outboxId, String client, String channel, MessageStatus status, int attempts, Instant at) {}

    /**
     * A message ended without an attempt: canceled or expired.
     *
     * @param id the message
     * @param outboxId the order that was taken out of the queue
     * @param client whose it is
     * @param channel what it goes by
     * @param status how it ended
     * @param attempts how many there were over its whole life
     */
    public record MessageEnded(
            UUID id, long outboxId, String client, String channel, MessageStatus status, int attempts) {}

    /** Attempts ended and are in the ledger, by one transaction. */
    public record AttemptsSettled(List<AttemptSettled> attempts) {}

    /**
     * One of them.
     *
     * @param id the message
     * @param outboxId the order in the queue
     * @param client whose it is
     * @param channel what it went by
     * @param status where the message stands now
     * @param attempt which attempt it was, over the message's whole life
     * @param createdAt when the message was accepted
     * @param claimedAt when the attempt was claimed
     * @param at when it was settled
     * @param nextAttemptAt when the next attempt is due, or null where none follows
     * @param traceparent the caller's trace (W3C Trace Context), or null where none is kept
     * @param error why it failed, or null
     * @param toHandle what is left for a person to look at, or null: a message failed, in review, or sent but refused for
     *     some of its recipients
     * @param purpose what the message is for
     * @param reached whether the provider took it for somebody in this attempt, or nobody can know
     */
    public record AttemptSettled(
            UUID id,
            long outboxId,
            String client,
            String channel,
            MessageStatus status,
            int attempt,
            Instant createdAt,
            Instant claimedAt,
            Instant at,
            @Nullable Instant nextAttemptAt,
            @Nullable String traceparent,
            @Nullable Failure error,
            @Nullable Failure toHandle,
            Purpose purpose,
            boolean reached) {

        /** The kind of failure, or null. */
        public @Nullable ErrorType errorType() {
            return error == null ? null : error.type();
        }

        /** When its hour comes, where a contact rule lets it wait for one; null for all else. It has not failed. */
        public @Nullable Instant waitsForItsHour() {
            return errorType() == ErrorType.POLICY ? nextAttemptAt : null;
        }
    }
}
