package ums.database;

import org.jspecify.annotations.Nullable;

/** Ends the start: the database is out of reach, or UMS cannot work on it. Tells the operator how to correct it. */
public final class UnusableDatabaseException extends RuntimeException {

    private final String action;

    UnusableDatabaseException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    /** How to correct it, in sentences for the operator. */
    String action() {
        return action;
    }
}
