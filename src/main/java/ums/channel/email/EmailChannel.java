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

/** The channel {@code email}: checks a message when it is accepted, renders it when it is sent. */
public class EmailChannel implements MessageSender {

    private final EmailContentRules rules;
    private final OptionalDouble rate;
    private final EmailSender live;
    private final EmailSender inbox;

    /**
     * Makes the channel.
     *
     * @param defaultFrom the sender of a message that names none ({@code ums.email.from}), or null
     * @param rate how many messages a second at most ({@code ums.email.smtp.rate}), or null for as many as can be
     * @param live takes what goes out
     * @param inbox takes the messages of test keys
     * @throws IllegalArgumentException where {@code defaultFrom} is no mailbox
     */
    public EmailChannel(@Nullable String defaultFrom, @Nullable Double rate, EmailSender live, EmailSender inbox) {
        this.rules = new EmailContentRules(validFrom(defaultFrom));
        this.rate = rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
        this.live = live;
        this.inbox = inbox;
    }

    /**
     * Checks the property {@code ums.email.from}, so that a mistake in it stops the start and not every message.
     *
     * @return the property's value, null where it is not set or blank, as an empty environment variable is
     * @throws IllegalArgumentException where it is no mailbox
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
     * That of the live sender. The messages of test keys wait with the others, as one queue holds both: the inbox would
     * take them, and what a test key shows is what a live one would.
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
            // It was checked when it came in. Should it be none after all, sending will say so.
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
