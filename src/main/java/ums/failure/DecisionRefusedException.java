package ums.failure;

/** A failure is not in the state that a decision about it needs. Nothing was changed. */
public class DecisionRefusedException extends RuntimeException {

    private final Cause why;

    DecisionRefusedException(Cause why, String message) {
        super(message);
        this.why = why;
    }

    /** Why, for programs; the exception's message says it for people. */
    public Cause why() {
        return why;
    }

    /** Why a decision is refused; the names are a contract with callers. */
    public enum Cause {
        /** Somebody else was quicker. */
        ALREADY_HANDLED,
        /** Sending it now would be pointless. */
        MESSAGE_EXPIRED,
        /** There is nobody left to send it to, or the queue has it already. */
        NOT_RETRYABLE,
        /** Only a message in review can be marked as sent. */
        NOT_IN_REVIEW,
        /** Its row cannot be read, so that nothing can be sent. */
        MESSAGE_UNREADABLE
    }
}
