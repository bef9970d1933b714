package ums.sandbox;

/** What the embedded default needs is not there, with what a person can do about it. Ends the start of UMS. */
public class SandboxException extends RuntimeException {

    private final String action;

    SandboxException(String message, String action) {
        super(message);
        this.action = action;
    }

    SandboxException(String message, String action, Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    /** What to do about it, in a sentence for the operator. */
    public String action() {
        return action;
    }
}
