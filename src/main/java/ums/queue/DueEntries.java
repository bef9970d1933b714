package ums.queue;

import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes delayed entries ready when they are due. A process does so by its own clock, for the entries of all processes, and
 * therefore only while that clock agrees with the database's.
 */
public final class DueEntries {

    private final Queue queue;
    private final BooleanSupplier clockAgrees;

    /** @param clockAgrees whether this process's clock agrees with the database's */
    public DueEntries(Queue queue, BooleanSupplier clockAgrees) {
        this.queue = queue;
        this.clockAgrees = clockAgrees;
    }

    /**
     * Makes due entries ready.
     *
     * @param max how many at most in this call
     * @return when the next entry becomes due: {@code now} if {@code max} left some; null if none is delayed, or if the clocks
     *     do not agree
     */
    public @Nullable Instant release(Instant now, int max) {
        return clockAgrees.getAsBoolean() ? queue.releaseDue(now, max) : null;
    }
}
