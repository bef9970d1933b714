package ums.channel.email;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;

/** Ends every attempt with a given outcome, for every recipient. */
public final class FailingEmailSender implements EmailSender {

    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Outcome outcome;

    /** @param outcome the outcome of every attempt, until it is changed */
    public FailingEmailSender(Outcome outcome) {
        this.outcome = outcome;
    }

    /** Changes the outcome of further attempts. */
    public void failWith(Outcome outcome) {
        this.outcome = outcome;
    }

    /** How many attempts there were. */
    public int attempts() {
        return attempts.get();
    }

    @Override
    public List<RecipientOutcome> send(Email email) {
        attempts.incrementAndGet();
        return RecipientOutcome.all(email.recipients(), outcome);
    }
}
