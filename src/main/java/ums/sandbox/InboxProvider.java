package ums.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.channel.email.RenderedEmail;
import ums.provider.Outcome;
import ums.provider.Provider;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** Stores messages in the {@link Inbox} without a connection: those of test keys, whatever provider live ones go to. */
final class InboxProvider implements Provider {

    private static final Logger log = LoggerFactory.getLogger(InboxProvider.class);

    private final String channel;
    private final Inbox inbox;

    InboxProvider(String channel, Inbox inbox) {
        this.channel = channel;
        this.inbox = inbox;
    }

    @Override
    public String channel() {
        return channel;
    }

    @Override
    public String endpoint() {
        return "inbox";
    }

    @Override
    public List<RecipientOutcome> send(Delivery delivery) {
        return RecipientOutcome.all(delivery.recipients(), channel.equals("email") ? mail(delivery) : plain(delivery));
    }

    private Outcome mail(Delivery delivery) {
        return switch (RenderedEmail.of(delivery)) {
            case RenderedEmail.Rendered(Email email) -> keep(email.sender(), email.bytes(), delivery);
            case RenderedEmail.Failed(RuntimeException cause) ->
                new Outcome.Invalid("The message cannot be rendered as an e-mail.", cause);
        };
    }

    /** A message of another channel is shown as a mail with its text. */
    private Outcome plain(Delivery delivery) {
        Content content = delivery.content();
        String mail = "X-UMS-Channel: " + channel
                + "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + requireNonNullElse(content.text(), "") + "\r\n";
        return keep(requireNonNullElse(content.from(), ""), mail.getBytes(UTF_8), delivery);
    }

    private Outcome keep(String sender, byte[] bytes, Delivery delivery) {
        List<String> recipients =
                delivery.recipients().stream().map(Recipient::address).toList();
        if (!mayCommit(delivery)) {
            return new Outcome.CalledOff("called off before the inbox kept it");
        }
        try {
            long n = inbox.store(sender, recipients, bytes);
            return new Outcome.Sent(new Reply(250, "kept by the inbox as " + n));
        } catch (IOException e) {
            log.warn("The inbox cannot keep a mail: {}", e.toString());
            return new Outcome.Deferred("FINAL_DOT", new Reply(452, "the inbox cannot write to its folder"));
        }
    }

    /** A check that fails counts as a refusal. */
    private static boolean mayCommit(Delivery delivery) {
        try {
            return delivery.commit().getAsBoolean();
        } catch (RuntimeException e) {
            log.warn("The check whether a mail may still be stored failed: {}", e.toString());
            return false;
        }
    }
}
