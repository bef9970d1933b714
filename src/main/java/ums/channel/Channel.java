package ums.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.util.List;

/**
 * A channel: what a message is. Every bean of this type is one; a new channel is a new package with such a bean, and no change
 * elsewhere. How its messages leave is a provider's matter.
 *
 * @param <C> the channel's content
 */
public interface Channel<C extends Content> {

    /** The channel's name as the API writes it, for instance {@code email}. */
    String name();

    /** The fields of its messages. */
    Form<C> form();

    /**
     * Validates the content and completes it (the default sender, for instance) before it is stored. Called while a
     * message is being accepted: no I/O.
     *
     * @throws InvalidContentException with every violation found, each with its JSON pointer
     */
    Prepared<C> prepare(C content);

    /**
     * The one spelling of an address of the channel, a recipient's or a sender's, under which it is searched for and stands in
     * lists: those of API keys and providers, contact preferences. No I/O.
     *
     * @throws IllegalArgumentException with the reason, for people, where it is no address of the channel
     */
    String normalise(String address);

    /** The sender in its {@linkplain #normalise one spelling}; empty where the content has none that can be read. No I/O. */
    default String sender(C content) {
        return "";
    }

    /**
     * The bulkhead of a message: messages of one bulkhead hold at most a quarter of the permits, so that a slow
     * destination cannot block the others. For e-mail it is the recipient's domain. Called for each claimed message: no I/O.
     *
     * @param recipient the message's first
     */
    default String bulkhead(Recipient recipient) {
        return "";
    }

    /**
     * A delivery as a mail (RFC 5322), as operators read it and the inbox keeps it. No I/O.
     *
     * @throws RuntimeException where it cannot be rendered
     */
    default byte[] rendered(Delivery<C> delivery) {
        return ("X-UMS-Channel: " + name()
                        + "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                        + requireNonNullElse(delivery.content().preview().text(), "") + "\r\n")
                .getBytes(UTF_8);
    }

    /**
     * The result of {@link #prepare}.
     *
     * @param content the content to store
     * @param sender as {@link #sender} has it
     * @param recipients all recipients, each address once
     */
    record Prepared<C extends Content>(C content, String sender, List<Recipient> recipients) {}
}
