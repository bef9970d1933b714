package ums.message;

/** A message cannot be canceled, as it is claimed or has ended. Nothing was changed. */
public class NotCancelableException extends RuntimeException {

    private final MessageStatus status;

    NotCancelableException(MessageStatus status) {
        super("the message is " + status);
        this.status = status;
    }

    /** The status of the message. */
    public MessageStatus status() {
        return status;
    }
}
