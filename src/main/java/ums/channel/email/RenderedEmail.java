package ums.channel.email;

import ums.channel.Delivery;

/** A delivery as an e-mail, for the providers of the channel. */
public sealed interface RenderedEmail {

    /** The e-mail; the same bytes at every attempt. */
    record Rendered(Email email) implements RenderedEmail {}

    /**
     * It cannot be rendered.
     *
     * @param cause the bug in UMS behind it; logged and never shown, as it may repeat an address or the subject
     */
    record Failed(RuntimeException cause) implements RenderedEmail {}

    /** Renders a delivery. */
    static RenderedEmail of(Delivery<EmailContent> delivery) {
        try {
            return new Rendered(EmailRenderer.render(delivery));
        } catch (RuntimeException e) {
            return new Failed(e);
        }
    }
}
