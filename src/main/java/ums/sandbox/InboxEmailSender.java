package ums.sandbox;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;
import ums.channel.Reply;
import ums.channel.email.Email;
import ums.channel.email.EmailSender;

/** Stores a test key's mails in the {@link Inbox} without a connection, whatever server live mails go to. */
final class InboxEmailSender implements EmailSender {

    private static final Logger log = LoggerFactory.getLogger(InboxEmailSender.class);

    private final Inbox inbox;

    InboxEmailSender(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public List<RecipientOutcome> send(Email email) {
        Outcome outcome = keep(email);
        return RecipientOutcome.all(email.recipients(), outcome);
    }

    private Outcome keep(Email email) {
        List<String> recipients =
                email.recipients().stream().map(Recipient::address).toList();
        if (!mayFinish(email)) {
            return new Outcome.CalledOff("called off before the inbox kept it");
        }
        try {
            long n = inbox.store(email.sender(), recipients, email.bytes());
            return new Outcome.Sent(new Reply(250, "kept by the inbox as " + n));
        } catch (IOException e) {
            log.warn("The inbox cannot keep a mail: {}", e.toString());
            return new Outcome.Deferred("FINAL_DOT", new Reply(452, "the inbox cannot write to its folder"));
        }
    }

    /** A check that fails counts as a refusal. */
    private static boolean mayFinish(Email email) {
        try {
            return email.mayFinish().getAsBoolean();
        } catch (RuntimeException e) {
            log.warn("The check whether a mail may still be stored failed: {}", e.toString());
            return false;
        }
    }
}
