package ums.channel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A channel. Every bean of this type is one; a new channel is a new folder with one, and no edit elsewhere. */
public interface MessageSender {

    /** The channel's name as the API writes it, for instance {@code email}. */
    String channel();

    /**
     * Checks what a caller asked for and completes it (the default sender, say), before it is stored. Called while a
     * message is being accepted: no I/O.
     *
     * @throws InvalidContentException with every fault found, each with its JSON pointer
     */
    Prepared prepare(Content content);

    /**
     * Makes one attempt and says what became of each of the delivery's recipients, in their order. Called by the
     * dispatcher on a virtual thread, outside any transaction; may block for as long as the provider takes. ConsoleErrors are
     * outcomes: it throws nothing.
     */
    List<RecipientOutcome> send(Delivery delivery);

    /**
     * Whether the channel can take messages now; while it cannot, its messages wait unclaimed. Called by the dispatcher
     * before each claim: no I/O.
     */
    default Availability availability() {
        return Availability.AVAILABLE;
    }

    /**
     * How many messages a second the channel may send at most, over all processes on one database; empty for as many as
     * can be.
     */
    default OptionalDouble rate() {
        return OptionalDouble.empty();
    }

    /**
     * The part that a slow provider's messages share, and may hold a quarter of the permits at most: for e-mail the domain
     * of the first recipient. Called for each claimed message: no I/O.
     */
    default String bulkhead(Content content) {
        return "";
    }

    /**
     * A delivery as it goes over the wire, for people who look at it; empty where the channel has no such form. No I/O.
     *
     * @param delivery of any message of the channel
     */
    default Optional<byte[]> rendered(Delivery delivery) {
        return Optional.empty();
    }

    /**
     * Whether a channel can take messages.
     *
     * @param available false while its circuit is open
     * @param reason why not, for people; empty where it is available
     * @param since since when not, or null
     */
    record Availability(
            boolean available, String reason, @Nullable Instant since) {

        /** Nothing is in the way. */
        public static final Availability AVAILABLE = new Availability(true, "", null);
    }

    /**
     * What {@link #prepare} made of a caller's content.
     *
     * @param content the content to store
     * @param sender the address it is sent as, bare and in the one spelling that API keys' lists of senders use
     * @param recipients everyone it goes to, each address once
     */
    record Prepared(Content content, String sender, List<Recipient> recipients) {}
}
