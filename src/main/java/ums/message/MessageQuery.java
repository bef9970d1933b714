package ums.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the messages looked for; null where it does not matter. Begin with {@link #ALL} and narrow it.
 *
 * @param client whose they are
 * @param test whether test keys sent them
 * @param channel what they go by
 * @param status where they stand now
 * @param reference exactly their reference
 * @param recipient an address they go to, bare, whatever its case
 * @param from accepted then or later
 * @param to accepted before
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

    /** Those that an owner has. */
    public static MessageQuery of(Owner owner) {
        return new MessageQuery(owner.client(), owner.test(), null, null, null, null, null, null);
    }

    /** Those of a client in both modes. */
    public MessageQuery withClient(@Nullable String wanted) {
        return new MessageQuery(wanted, test, channel, status, reference, recipient, from, to);
    }

    /** Those that go by a channel. */
    public MessageQuery withChannel(@Nullable String wanted) {
        return new MessageQuery(client, test, wanted, status, reference, recipient, from, to);
    }

    /** Those that stand there. */
    public MessageQuery withStatus(@Nullable MessageStatus wanted) {
        return new MessageQuery(client, test, channel, wanted, reference, recipient, from, to);
    }

    /** Those about something. */
    public MessageQuery withReference(@Nullable String wanted) {
        return new MessageQuery(client, test, channel, status, wanted, recipient, from, to);
    }

    /** Those that go to somebody. */
    public MessageQuery withRecipient(@Nullable String wanted) {
        return new MessageQuery(client, test, channel, status, reference, wanted, from, to);
    }

    /** Those accepted within a span of time. */
    public MessageQuery accepted(@Nullable Instant notBefore, @Nullable Instant before) {
        return new MessageQuery(client, test, channel, status, reference, recipient, notBefore, before);
    }
}
