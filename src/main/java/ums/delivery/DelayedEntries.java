package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.queue.DueEntries;

/**
 * Makes delayed orders ready when their time has come. It asks the queue where it was told of one, and every poll interval,
 * as other processes put something off too: a turn at which nothing is due costs no query.
 */
final class DelayedEntries {

    private static final int STEP = 1_000;

    private final DueEntries orders;
    private final Duration pollInterval;
    private @Nullable Instant next;
    private @Nullable Instant askedAt;

    DelayedEntries(DueEntries orders, Duration pollInterval) {
        this.orders = orders;
        this.pollInterval = pollInterval;
    }

    /** Tells of an order that will be due then; true where none was expected before. */
    synchronized boolean expect(Instant due) {
        if (next != null && !due.isBefore(next)) {
            return false;
        }
        next = due;
        return true;
    }

    /** Makes ready what is due. */
    void release(Instant now) {
        if (!asks(now)) {
            return;
        }
        try {
            Instant due = orders.release(now, STEP);
            if (due != null) {
                expect(due);
            }
        } catch (RuntimeException e) {
            expect(now);
            throw e;
        }
    }

    private synchronized boolean asks(Instant now) {
        boolean expected = next != null && !next.isAfter(now);
        // One that is still to come was before this process's clock was set back.
        boolean askedLately = askedAt != null
                && !askedAt.isAfter(now)
                && askedAt.plus(pollInterval).isAfter(now);
        if (!expected && askedLately) {
            return false;
        }
        // What is told of from now on need not be in the answer.
        next = null;
        askedAt = now;
        return true;
    }

    /** How long until the next one is due, the poll interval at most. */
    synchronized Duration wait(Instant now) {
        if (next == null) {
            return pollInterval;
        }
        Duration wait = Duration.between(now, next);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(pollInterval) < 0 ? wait : pollInterval;
    }
}
