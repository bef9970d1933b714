package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.queue.DueEntries;

/**
 * Makes delayed entries ready when they are due. It queries the queue when an entry that it knows of is due, and every poll
 * interval, as other processes delay entries too: a poll at which none is due costs no query.
 */
final class DelayedEntries {

    private static final int STEP = 1_000;

    private final DueEntries entries;
    private final Duration pollInterval;
    private @Nullable Instant next;
    private @Nullable Instant queriedAt;

    DelayedEntries(DueEntries entries, Duration pollInterval) {
        this.entries = entries;
        this.pollInterval = pollInterval;
    }

    /** An entry is due at that time; true where none was known to be due before. */
    synchronized boolean expect(Instant due) {
        if (next != null && !due.isBefore(next)) {
            return false;
        }
        next = due;
        return true;
    }

    /** Makes due entries ready. */
    void release(Instant now) {
        if (!beginQuery(now)) {
            return;
        }
        try {
            Instant due = entries.release(now, STEP);
            if (due != null) {
                expect(due);
            }
        } catch (RuntimeException e) {
            expect(now);
            throw e;
        }
    }

    private synchronized boolean beginQuery(Instant now) {
        boolean expected = next != null && !next.isAfter(now);
        // A query in the future was made before this process's clock was set back.
        boolean queriedLately = queriedAt != null
                && !queriedAt.isAfter(now)
                && queriedAt.plus(pollInterval).isAfter(now);
        if (!expected && queriedLately) {
            return false;
        }
        // The query need not find entries that become known while it runs.
        next = null;
        queriedAt = now;
        return true;
    }

    /** How long until the next entry is due, the poll interval at most. */
    synchronized Duration untilNext(Instant now) {
        if (next == null) {
            return pollInterval;
        }
        Duration wait = Duration.between(now, next);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(pollInterval) < 0 ? wait : pollInterval;
    }
}
