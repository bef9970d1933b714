package ums.loan;

import java.util.List;

/** An event may not happen to a loan that stands where it does. Nothing was changed, nobody was told. */
public class TransitionNotAllowedException extends RuntimeException {

    private final List<LoanEvent> allowed;

    TransitionNotAllowedException(LoanEvent event, LoanStatus status, List<LoanEvent> allowed) {
        super("The loan is " + status + ": " + event + " is not allowed.");
        this.allowed = allowed;
    }

    /** What may happen to it. */
    public List<LoanEvent> allowed() {
        return allowed;
    }
}
