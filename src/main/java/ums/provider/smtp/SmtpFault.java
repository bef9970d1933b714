package ums.provider.smtp;

import ums.provider.Outcome;

/** Thrown when the dialogue cannot go on. Carries the outcome for the recipients that have none yet. */
final class SmtpFault extends Exception {

    private final transient Outcome outcome;
    private final boolean gone;

    /**
     * @param outcome the outcome
     * @param gone true where the server closed the connection (end of stream, reset, 421), as it does with connections
     *     kept too long
     */
    SmtpFault(Outcome outcome, boolean gone) {
        // Frequent, and never logged with a stack trace: filling one in would cost time for nothing.
        super(outcome.description(), null, false, false);
        this.outcome = outcome;
        this.gone = gone;
    }

    SmtpFault(Outcome outcome) {
        this(outcome, false);
    }

    Outcome outcome() {
        return outcome;
    }

    boolean gone() {
        return gone;
    }
}
