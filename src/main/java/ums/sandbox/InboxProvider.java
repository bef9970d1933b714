package ums.sandbox;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.channel.Channel;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.Recipient;
import ums.provider.Outcome;
import ums.provider.Provider;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** Stores messages of a channel in the {@link Inbox} without a connection: those of test keys, whatever provider live ones go to. */
final class InboxProvider implements Provider<Content> {

    private static final Logger log = LoggerFactory.getLogger(InboxProvider.class);

    private final Channel<Content> channel;
    private final Inbox inbox;

    InboxProvider(Channel<Content> channel, Inbox inbox) {
        this.channel = channel;
        this.inbox = inbox;
    }

    @Override
    public String channel() {
        return channel.name();
    }

    @Override
    public String endpoint() {
        return "inbox";
    }

    @Override
    public List<RecipientOutcome> send(Delivery<Content> delivery) {
        return RecipientOutcome.all(delivery.recipients(), kept(delivery));
    }

    private Outcome kept(Delivery<Content> delivery) {
        byte[] mail;
        try {
            mail = channel.rendered(delivery);
        } catch (RuntimeException cause) {
            return new Outcome.Invalid("The message cannot be rendered.", cause);
        }
        return keep(channel.sender(delivery.content()), mail, delivery);
    }

    private Outcome keep(String sender, byte[] bytes, Delivery<Content> delivery) {
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
    private static boolean mayCommit(Delivery<Content> delivery) {
        try {
            return delivery.commit().getAsBoolean();
        } catch (RuntimeException e) {
            log.warn("The check whether a mail may still be stored failed: {}", e.toString());
            return false;
        }
    }
}
