package ums.channel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A channel. Every bean of this type is one; a new channel is a new package with such a bean, and no change elsewhere.
 */
public interface MessageSender {

    /** The channel's name as the API writes it, for instance {@code email}. */
    String channel();

    /**
     * Validates the content and completes it (the default sender, for instance) before it is stored. Called while a
     * message is being accepted: no I/O.
     *
     * @throws InvalidContentException with every violation found, each with its JSON pointer
     */
    Prepared prepare(Content content);

    /**
     * Makes one attempt and returns an outcome for each recipient of the delivery, in the delivery's order. Called by
     * the dispatcher on a virtual thread, outside any transaction; may block for as long as the provider takes. Errors
     * are outcomes: it throws nothing.
     */
    List<RecipientOutcome> send(Delivery delivery);

    /**
     * Whether the channel can send now; while it cannot, its messages stay unclaimed. Called by the dispatcher before
     * each claim: no I/O.
     */
    default Availability availability() {
        return Availability.AVAILABLE;
    }

    /** The rate limit in messages per second, over all processes on one database; empty for no limit. */
    default OptionalDouble rate() {
        return OptionalDouble.empty();
    }

    /**
     * The bulkhead of a message: messages of one bulkhead hold at most a quarter of the permits, so that a slow
     * provider cannot block the others. For e-mail it is the domain of the first recipient. Called for each claimed
     * message: no I/O.
     */
    default String bulkhead(Content content) {
        return "";
    }

    /**
     * The rendered form of a delivery, for operators; empty where the channel has no such form. No I/O.
     *
     * @param delivery of any message of the channel
     */
    default Optional<byte[]> rendered(Delivery delivery) {
        return Optional.empty();
    }

    /**
     * Whether a channel can send.
     *
     * @param available false while its circuit is open
     * @param reason why not, for people; empty where it is available
     * @param since when it became unavailable, or null
     */
    record Availability(
            boolean available, String reason, @Nullable Instant since) {

        /** The channel can send. */
        public static final Availability AVAILABLE = new Availability(true, "", null);
    }

    /**
     * The result of {@link #prepare}.
     *
     * @param content the content to store
     * @param sender the sender's bare address, in the normal form that API keys' sender lists use
     * @param recipients all recipients, each address once
     */
    record Prepared(Content content, String sender, List<Recipient> recipients) {}
}
