package ums.sandbox;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    private static final String OF_RECIPIENT = "RCPT";
    private static final String OF_MESSAGE = "FINAL_DOT";

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

    /** Recipients are refused one by one, and the others share one outcome, as at the inbox's server. */
    @Override
    public List<RecipientOutcome> send(Delivery<Content> delivery) {
        List<Recipient> taken =
                delivery.recipients().stream().filter(it -> refusal(it) == null).toList();
        Outcome ofTaken = taken.isEmpty() ? null : kept(delivery.to(taken));
        List<RecipientOutcome> outcomes = new ArrayList<>(delivery.recipients().size());
        for (Recipient recipient : delivery.recipients()) {
            Outcome refusal = refusal(recipient);
            outcomes.add(new RecipientOutcome(recipient, refusal == null ? requireNonNull(ofTaken) : refusal));
        }
        return List.copyOf(outcomes);
    }

    private @Nullable Outcome refusal(Recipient recipient) {
        SpecialAddress address = SpecialAddress.of(channel.name(), recipient.address());
        return switch (address) {
            case NONE, UNKNOWN -> null;
            case DEFERRED -> new Outcome.Deferred(OF_RECIPIENT, new Reply(address.code(), address.text()));
            case REJECTED -> new Outcome.Rejected(OF_RECIPIENT, new Reply(address.code(), address.text()));
        };
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
            if (recipients.stream().anyMatch(it -> SpecialAddress.of(channel.name(), it) == SpecialAddress.UNKNOWN)) {
                return new Outcome.Unknown(OF_MESSAGE, "connection lost: the server closed the connection");
            }
            return new Outcome.Sent(new Reply(250, "kept by the inbox as " + n));
        } catch (IOException e) {
            log.warn("The inbox cannot keep a mail: {}", e.toString());
            return new Outcome.Deferred(OF_MESSAGE, new Reply(452, "the inbox cannot write to its folder"));
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
