package ums.queue;

import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes delayed orders ready when their time has come: by this process's clock, and on behalf of all. So only while that clock
 * is known to be right.
 */
public final class DueEntries {

    private final Queue outbox;
    private final BooleanSupplier clockAgrees;

    /** @param clockAgrees whether this process's clock agrees with the database's */
    public DueEntries(Queue outbox, BooleanSupplier clockAgrees) {
        this.outbox = outbox;
        this.clockAgrees = clockAgrees;
    }

    /**
     * Makes ready what is due.
     *
     * @param max how many at most in this call
     * @return when the next one becomes due: {@code now} where {@code max} left some behind, null where none waits, or where
     *     this process leaves it to the others
     */
    public @Nullable Instant release(Instant now, int max) {
        return clockAgrees.getAsBoolean() ? outbox.releaseDue(now, max) : null;
    }
}
