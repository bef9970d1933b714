package ums.channel.email;

import ums.channel.Outcome;

/** Ends a dialogue: nothing more can be said on the connection. Carries what that means for whoever is undecided. */
final class SmtpFault extends Exception {

    private final transient Outcome outcome;
    private final boolean gone;

    /**
     * @param outcome what it means
     * @param gone true where the server went away (end of stream, reset, 421), as it does with connections kept too long
     */
    SmtpFault(Outcome outcome, boolean gone) {
        // ConsoleErrors are ordinary here and never logged with a trace: filling one in would be for nothing.
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
