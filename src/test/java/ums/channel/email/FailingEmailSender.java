package ums.channel.email;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;

/** Ends every attempt with the outcome it was told, for every recipient. */
public final class FailingEmailSender implements EmailSender {

    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Outcome outcome;

    /** @param outcome what every attempt ends with, until told otherwise */
    public FailingEmailSender(Outcome outcome) {
        this.outcome = outcome;
    }

    /** Ends attempts with another outcome from now on. */
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
        return SmtpEmailSender.forAll(email, outcome);
    }
}
