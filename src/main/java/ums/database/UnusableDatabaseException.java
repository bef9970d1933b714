package ums.database;

import org.jspecify.annotations.Nullable;

/** The start ends here, as the database is away or is none that UMS can work with. Says what to do. */
public final class UnusableDatabaseException extends RuntimeException {

    private final String action;

    UnusableDatabaseException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    /** What to do about it. */
    String action() {
        return action;
    }
}
