package ums.failure;

/** The state of a failure or of its message does not allow the decision. Nothing was changed. */
public class DecisionRefusedException extends RuntimeException {

    private final Cause why;

    DecisionRefusedException(Cause why, String message) {
        super(message);
        this.why = why;
    }

    /** The cause, for programs; the exception's message is for people. */
    public Cause why() {
        return why;
    }

    /** Why a decision is refused; the names are codes of the API. */
    public enum Cause {
        /** An earlier decision handled the failure. */
        ALREADY_HANDLED,
        /** The message has expired. */
        MESSAGE_EXPIRED,
        /** No recipient is left to send to, or the message is in the queue already. */
        NOT_RETRYABLE,
        /** Only a message in review can be marked as sent. */
        NOT_IN_REVIEW,
        /** A column that an attempt needs cannot be read. */
        MESSAGE_UNREADABLE
    }
}
