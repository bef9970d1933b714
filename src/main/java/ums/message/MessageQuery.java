package ums.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The criteria of a search; null ones do not narrow it. Begin with {@link #ALL} or {@link #of}.
 *
 * @param client the owner
 * @param test whether test keys sent them
 * @param channel the channel
 * @param status the status as the API shows it
 * @param reference the exact reference
 * @param recipient the bare address of a recipient, in any case of letters
 * @param from accepted at this time or later
 * @param to accepted before this time
 */
public record MessageQuery(
        @Nullable String client,
        @Nullable Boolean test,
        @Nullable String channel,
        @Nullable MessageStatus status,
        @Nullable String reference,
        @Nullable String recipient,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** Every message. */
    public static final MessageQuery ALL = new MessageQuery(null, null, null, null, null, null, null, null);

    /** The messages of an owner. */
    public static MessageQuery of(Owner owner) {
        return new MessageQuery(owner.client(), owner.test(), null, null, null, null, null, null);
    }

    /** The messages of a client in both modes. */
    public MessageQuery withClient(@Nullable String wanted) {
        return new MessageQuery(wanted, test, channel, status, reference, recipient, from, to);
    }

    /** Only of this channel. */
    public MessageQuery withChannel(@Nullable String wanted) {
        return new MessageQuery(client, test, wanted, status, reference, recipient, from, to);
    }

    /** Only with this status. */
    public MessageQuery withStatus(@Nullable MessageStatus wanted) {
        return new MessageQuery(client, test, channel, wanted, reference, recipient, from, to);
    }

    /** Only with this reference. */
    public MessageQuery withReference(@Nullable String wanted) {
        return new MessageQuery(client, test, channel, status, wanted, recipient, from, to);
    }

    /** Only to this recipient. */
    public MessageQuery withRecipient(@Nullable String wanted) {
        return new MessageQuery(client, test, channel, status, reference, wanted, from, to);
    }

    /** Only accepted within a span of time. */
    public MessageQuery accepted(@Nullable Instant notBefore, @Nullable Instant before) {
        return new MessageQuery(client, test, channel, status, reference, recipient, notBefore, before);
    }
}
