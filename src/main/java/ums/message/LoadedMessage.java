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
 * A message as an attempt needs it, loaded after the claim.
 *
 * @param id its id
 * @param client its client
 * @param test true for a test key's message, which never leaves the machine
 * @param purpose its purpose
 * @param attempt the attempt's number, counted over the message's whole life, from 1
 * @param createdAt when the message was accepted
 * @param date when it was ready to be sent ({@link Options#date})
 * @param expiresAt from when on it is not sent, or null for never
 * @param onUnknown what follows an unknown outcome, or null for the configured default
 * @param boundTo the id of the only account that may have it, or null: an earlier attempt there has an unknown outcome, or the
 *     caller named it
 * @param recipients all of them, whatever their status
 * @param content what to send; of a large one that is not loaded yet the part that lists show; null if not even that is, or it
 *     cannot be read
 * @param unread how many octets of the content are not loaded yet; 0 if it is complete
 * @param unreadable the columns that cannot be read and have a default here; usually none
 * @param traceparent the caller's trace (W3C Trace Context), or null
 */
public record LoadedMessage(
        UUID id,
        String client,
        boolean test,
        Purpose purpose,
        int attempt,
        Instant createdAt,
        Instant date,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown,
        @Nullable String boundTo,
        List<RecipientState> recipients,
        @Nullable Content content,
        long unread,
        List<String> unreadable,
        @Nullable String traceparent) {

    /** The same with its complete content. */
    public LoadedMessage with(Content complete) {
        return with(complete, unreadable);
    }

    /** The same with a content that cannot be read. */
    LoadedMessage withoutContent() {
        return with(null, List.of("content"));
    }

    private LoadedMessage with(@Nullable Content loaded, List<String> columns) {
        return new LoadedMessage(
                id,
                client,
                test,
                purpose,
                attempt,
                createdAt,
                date,
                expiresAt,
                onUnknown,
                boundTo,
                recipients,
                loaded,
                0,
                columns,
                traceparent);
    }

    /** Why it cannot be sent, or null if every column can be read. */
    public @Nullable Failure whyUnreadable() {
        return unreadable.isEmpty() ? null : MessageRows.unreadable(unreadable);
    }

    /** The subject of log lines about this attempt. */
    public Subject subject(Claim claim) {
        return new Subject(id, claim.outboxId(), attempt, client, claim.channel(), traceparent);
    }

    /** The recipients that the attempt sends to. */
    public List<RecipientState> pending() {
        return recipients.stream()
                .filter(it -> it.status() == RecipientState.Status.PENDING)
                .toList();
    }
}
