package ums.channel.email;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import ums.channel.Channel;
import ums.channel.Delivery;
import ums.channel.Form;
import ums.channel.Recipient;

/** The channel {@code email}: validates a message when it is accepted, and renders it for operators. */
public class EmailChannel implements Channel<EmailContent> {

    private final EmailContentRules rules;

    /**
     * Creates the channel.
     *
     * @param defaultFrom the sender of a message without one ({@code ums.email.from}), or null
     * @throws IllegalArgumentException where {@code defaultFrom} is not a mailbox
     */
    public EmailChannel(@Nullable String defaultFrom) {
        this.rules = new EmailContentRules(validFrom(defaultFrom));
    }

    /**
     * Validates the property {@code ums.email.from}, so that a mistake stops the start instead of failing every
     * message.
     *
     * @return the property's value, null where it is unset or blank, as an empty environment variable is
     * @throws IllegalArgumentException where it is not a mailbox
     */
    public static @Nullable String validFrom(@Nullable String property) {
        if (property == null || property.isBlank()) {
            return null;
        }
        try {
            EmailAddress.parse(property);
            return property;
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException("ums.email.from is not valid. " + invalid.getMessage(), invalid);
        }
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public Form<EmailContent> form() {
        return EmailContent.FORM;
    }

    @Override
    public Prepared<EmailContent> prepare(EmailContent content) {
        return rules.prepare(content);
    }

    /** @param address with or without a display name */
    @Override
    public String normalise(String address) {
        return EmailAddress.parse(address).identity();
    }

    @Override
    public String sender(EmailContent content) {
        try {
            return content.from() == null
                    ? ""
                    : EmailAddress.accepted(content.from()).identity();
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    @Override
    public String bulkhead(Recipient recipient) {
        try {
            return EmailAddress.accepted(recipient.address()).asciiDomain().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            // The address was validated when the message was accepted. Where it is invalid all the same, sending
            // reports that.
            return "";
        }
    }

    @Override
    public byte[] rendered(Delivery<EmailContent> delivery) {
        return EmailRenderer.render(delivery).bytes();
    }
}
