package ums.provider;

import java.util.List;
import java.util.Map;
import java.util.Set;
import ums.channel.Delivery;
import ums.channel.email.EmailContent;
import ums.channel.email.EmailSender;
import ums.channel.email.RenderedEmail;

/** A provider of e-mails that renders them, for a test's double. */
public final class EmailProvider implements Provider<EmailContent> {

    private final EmailSender sender;

    public EmailProvider(EmailSender sender) {
        this.sender = sender;
    }

    /** A route with one account, {@code a}, for live messages and those of test keys. */
    public static Providers only(EmailSender sender) {
        return route(Map.of("a", sender));
    }

    /** A route over accounts, in the sequence of their ids. */
    public static Providers route(Map<String, EmailSender> senders) {
        List<Account> accounts = senders.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(it ->
                        Account.of(it.getKey(), ProviderSettings.unlimited("double"), new EmailProvider(it.getValue())))
                .toList();
        return new Providers(Map.of("email", accounts), _ -> accounts.getFirst().provider(), Set.of(), false);
    }

    @Override
    public String channel() {
        return "email";
    }

    @Override
    public String endpoint() {
        return "double";
    }

    @Override
    public Availability availability() {
        return sender.availability();
    }

    @Override
    public List<RecipientOutcome> send(Delivery<EmailContent> delivery) {
        return switch (RenderedEmail.of(delivery)) {
            case RenderedEmail.Rendered it -> sender.send(it.email());
            case RenderedEmail.Failed it ->
                RecipientOutcome.all(delivery.recipients(), new Outcome.Invalid("cannot be rendered", it.cause()));
        };
    }
}
