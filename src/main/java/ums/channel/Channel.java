package ums.channel;

import java.util.List;
import java.util.Optional;

/**
 * A channel: what a message is. Every bean of this type is one; a new channel is a new package with such a bean, and no change
 * elsewhere. How its messages leave is a provider's matter.
 */
public interface Channel {

    /** The channel's name as the API writes it, for instance {@code email}. */
    String name();

    /**
     * Validates the content and completes it (the default sender, for instance) before it is stored. Called while a
     * message is being accepted: no I/O.
     *
     * @throws InvalidContentException with every violation found, each with its JSON pointer
     */
    Prepared prepare(Content content);

    /**
     * The bulkhead of a message: messages of one bulkhead hold at most a quarter of the permits, so that a slow
     * destination cannot block the others. For e-mail it is the domain of the first recipient. Called for each claimed
     * message: no I/O.
     */
    default String bulkhead(Content content) {
        return "";
    }

    /**
     * The sender's bare address in its normal form, in which API keys' lists and providers' lists have it; empty where the
     * content has none that can be read. No I/O.
     */
    default String sender(Content content) {
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
     * The result of {@link #prepare}.
     *
     * @param content the content to store
     * @param sender the sender's bare address, in the normal form that API keys' sender lists use
     * @param recipients all recipients, each address once
     */
    record Prepared(Content content, String sender, List<Recipient> recipients) {}
}
