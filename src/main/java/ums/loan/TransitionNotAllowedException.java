package ums.loan;

import java.util.List;

/** A loan's status does not allow an event. Nothing was changed, and no message was sent. */
public class TransitionNotAllowedException extends RuntimeException {

    private final List<LoanEvent> allowed;

    TransitionNotAllowedException(LoanEvent event, LoanStatus status, List<LoanEvent> allowed) {
        super("The loan is " + status + ": " + event + " is not allowed.");
        this.allowed = allowed;
    }

    /** The events that its status allows. */
    public List<LoanEvent> allowed() {
        return allowed;
    }
}
