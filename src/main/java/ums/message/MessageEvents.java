package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.logging.MessageLog.Subject;
import ums.queue.Claim;

/**
 * What happens to messages, published within the transaction that it belongs to. Observers listen after the commit. Writers of
 * a settlement are {@link SettlementStep}s instead.
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

    /** Attempts were settled, in one transaction. */
    public record AttemptsSettled(List<AttemptSettled> attempts) {}

    /**
     * One of them.
     *
     * @param claim the claim that it ended
     * @param message the message as the attempt found it
     * @param update what it changed about the message
     * @param reached whether the provider took the message for a recipient in this attempt, or may have
     */
    public record AttemptSettled(Claim claim, LoadedMessage message, MessageUpdate update, boolean reached) {

        /** Without content and addresses: Spring logs the arguments of a listener that throws an Error. */
        @Override
        public String toString() {
            return "AttemptSettled[" + update.messageId() + ", " + update.status() + "]";
        }

        /** The kind of failure, or null. */
        public @Nullable ErrorType errorType() {
            Failure error = update.error();
            return error == null ? null : error.type();
        }

        /** Until when the message waits by a contact rule, without having failed; null where it does not. */
        public @Nullable Instant waitsUntil() {
            return errorType() == ErrorType.POLICY ? update.nextAttemptAt() : null;
        }

        /**
         * What is left for an operator to decide, or null: the message failed, is in review, or was sent but refused for some
         * of its recipients.
         */
        public @Nullable Failure toHandle() {
            if (update.status() != MessageStatus.SENT) {
                return update.status().ended() ? update.error() : null;
            }
            List<RecipientState> recipients = update.recipients();
            return recipients == null
                    ? null
                    : recipients.stream()
                            .filter(it -> it.status() == RecipientState.Status.REFUSED)
                            .findFirst()
                            .map(it -> new Failure(ErrorType.REJECTED, it.code(), null, it.reply(), it.provider()))
                            .orElse(null);
        }

        /** The subject of its log lines. */
        public Subject subject() {
            return message.subject(claim);
        }
    }
}
