package ums.channel.email;

import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.MessageSender;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;

/** The channel {@code email}: validates a message when it is accepted, renders it when it is sent. */
public class EmailChannel implements MessageSender {

    private final EmailContentRules rules;
    private final OptionalDouble rate;
    private final EmailSender live;
    private final EmailSender inbox;

    /**
     * Creates the channel.
     *
     * @param defaultFrom the sender of a message without one ({@code ums.email.from}), or null
     * @param rate the rate limit in messages per second ({@code ums.email.smtp.rate}), or null for none
     * @param live sends live messages
     * @param inbox keeps the messages of test keys
     * @throws IllegalArgumentException where {@code defaultFrom} is not a mailbox
     */
    public EmailChannel(@Nullable String defaultFrom, @Nullable Double rate, EmailSender live, EmailSender inbox) {
        this.rules = new EmailContentRules(validFrom(defaultFrom));
        this.rate = rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
        this.live = live;
        this.inbox = inbox;
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
    public String channel() {
        return "email";
    }

    @Override
    public Prepared prepare(Content content) {
        return rules.prepare(content);
    }

    @Override
    public List<RecipientOutcome> send(Delivery delivery) {
        Email email;
        try {
            email = EmailRenderer.render(delivery);
        } catch (RuntimeException failure) {
            return invalid(delivery, failure);
        }
        return (delivery.test() ? inbox : live).send(email);
    }

    @Override
    public Optional<byte[]> rendered(Delivery delivery) {
        try {
            return Optional.of(EmailRenderer.render(delivery).bytes());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * The live sender's availability. It also holds back the messages of test keys, although the inbox could take them:
     * one queue holds both, and a test key shows how a live one behaves.
     */
    @Override
    public Availability availability() {
        return live.availability();
    }

    @Override
    public OptionalDouble rate() {
        return rate;
    }

    @Override
    public String bulkhead(Content content) {
        try {
            return EmailAddress.accepted(content.to().getFirst()).asciiDomain().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException | NoSuchElementException _) {
            // The address was validated when the message was accepted. Where it is invalid all the same, sending
            // reports that.
            return "";
        }
    }

    private static List<RecipientOutcome> invalid(Delivery delivery, RuntimeException failure) {
        Outcome outcome = new Outcome.Invalid("The message cannot be rendered as an e-mail.", failure);
        return delivery.recipients().stream()
                .map(recipient -> new RecipientOutcome(recipient, outcome))
                .toList();
    }
}
