package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.logging.MessageLog.Subject;

/**
 * What others may want to know as it happens, published within the transaction it belongs to: who writes to the database
 * listens there, who only tells others waits for the commit.
 */
public final class MessageEvents {

    private MessageEvents() {}

    /** Messages were accepted (not replays), in one transaction. */
    public record MessagesAccepted(List<Subject> messages) {}

    /**
     * A message in review, or waiting for another attempt, turned out to have been taken by an earlier one.
     *
     * @param subject the message, and the attempt that had sent it
     */
    public record LateSuccess(Subject subject) {

        /** The message. */
        public UUID id() {
            return subject.messageId();
        }
    }

    /**
     * An admin decided about a message.
     *
     * @param subject the message, and the entry whose failure was decided about
     * @param status its status now: ACCEPTED where it is to be sent again
     * @param at when
     */
    public record MessageDecided(Subject subject, MessageStatus status, Instant at) {

        /** A decision about the failure of a queue entry. */
        public static MessageDecided of(LockedMessage message, long outboxId, MessageStatus status, Instant at) {
            Subject subject = new Subject(
                    message.id(), outboxId, message.attemptCount(), message.client(), message.channel(), null);
            return new MessageDecided(subject, status, at);
        }

        /** The message. */
        public UUID id() {
            return subject.messageId();
        }
    }

    /**
     * A message ended without an attempt: canceled or expired.
     *
     * @param subject the message, and the entry that left the queue
     * @param status how it ended
     */
    public record MessageEnded(Subject subject, MessageStatus status) {}

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
