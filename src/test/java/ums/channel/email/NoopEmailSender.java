package ums.channel.email;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** Accepts every e-mail, sends none, and records them. */
public final class NoopEmailSender implements EmailSender {

    private final List<Email> taken = new CopyOnWriteArrayList<>();

    @Override
    public List<RecipientOutcome> send(Email email) {
        taken.add(email);
        return RecipientOutcome.all(email.recipients(), new Outcome.Sent(new Reply(250, "2.0.0 taken by nobody")));
    }

    /** The accepted e-mails, in sequence. */
    public List<Email> taken() {
        return List.copyOf(taken);
    }
}
