package ums.message;

/** A message was to be canceled that does not wait in the queue. Nothing was changed. */
public class NotCancelableException extends RuntimeException {

    private final MessageStatus status;

    NotCancelableException(MessageStatus status) {
        super("the message is " + status);
        this.status = status;
    }

    /** Where the message stands. */
    public MessageStatus status() {
        return status;
    }
}
