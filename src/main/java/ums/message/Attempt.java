package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Failure;
import ums.logging.MessageLog.Subject;
import ums.queue.Claim;

/**
 * What an attempt needs to know of its message, read once it is claimed.
 *
 * @param messageId the message
 * @param client whose it is
 * @param test true where it must not leave the machine
 * @param purpose what it is for
 * @param number which attempt this is, counted over the message's whole life, from 1
 * @param createdAt when the message was accepted
 * @param date when it was ready to be sent, as {@link Options#date} says
 * @param expiresAt after which it is pointless, or null
 * @param onUnknown what an unknown outcome means for it, or null for the configured default
 * @param recipients all of them, in whatever state
 * @param content what to send; of a large one only whom it goes to, until it is read
 * @param unread how many octets of the content are still to be read: 0 where it is whole
 * @param unreadable the columns that cannot be read, for which something harmless stands here; usually none
 * @param traceparent the caller's trace (W3C Trace Context), or null where none is kept
 */
public record Attempt(
        UUID messageId,
        String client,
        boolean test,
        Purpose purpose,
        int number,
        Instant createdAt,
        Instant date,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown,
        List<RecipientState> recipients,
        Content content,
        long unread,
        List<String> unreadable,
        @Nullable String traceparent) {

    /** The same with its whole content. */
    public Attempt with(Content whole) {
        return new Attempt(
                messageId,
                client,
                test,
                purpose,
                number,
                createdAt,
                date,
                expiresAt,
                onUnknown,
                recipients,
                whole,
                0,
                unreadable,
                traceparent);
    }

    /** The same, whose content turned out to be unreadable. */
    Attempt withoutContent() {
        return new Attempt(
                messageId,
                client,
                test,
                purpose,
                number,
                createdAt,
                date,
                expiresAt,
                onUnknown,
                recipients,
                content,
                0,
                List.of("content"),
                traceparent);
    }

    /** Why it cannot be sent, or null where all of it can be read. */
    public @Nullable Failure whyUnreadable() {
        return unreadable.isEmpty() ? null : MessageRows.unreadable(unreadable);
    }

    /** The subject of log lines about this attempt. */
    public Subject subject(Claim claim) {
        return new Subject(messageId, claim.outboxId(), number, client, claim.channel(), traceparent);
    }

    /** Who has not got it yet, and whom alone an attempt names. */
    public List<RecipientState> pending() {
        return recipients.stream()
                .filter(it -> it.status() == RecipientState.Status.PENDING)
                .toList();
    }
}
