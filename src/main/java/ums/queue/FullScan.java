package ums.queue;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides when a statement may scan an index from its beginning, through the dead entries too. A full scan misses nothing and
 * is cheap as a rule. It is slow where an old snapshot keeps the dead entries. Then full scans are limited to a fiftieth of the
 * time, but are at most 20 seconds apart, and the scans in between begin where the earlier ones found something.
 */
final class FullScan {

    private static final int PAUSE_FACTOR = 50;
    /** Some entries are found by a full scan only. They must not wait for long because one scan met an unreachable database. */
    private static final long LONGEST_PAUSE_NANOS = 20_000_000_000L;

    private final LongSupplier nanoTime;
    private final long cheapNanos;
    private boolean slow;
    private long dueAt;

    /**
     * @param nanoTime a monotonic clock
     * @param cheap the next full scan is due at once after one that took no longer than this
     */
    FullScan(LongSupplier nanoTime, Duration cheap) {
        this.nanoTime = nanoTime;
        this.cheapNanos = cheap.toNanos();
        this.dueAt = nanoTime.getAsLong();
    }

    /** For scans that are made every few seconds. */
    static FullScan periodic(LongSupplier nanoTime) {
        return new FullScan(nanoTime, Duration.ofMillis(20));
    }

    synchronized boolean isDue() {
        return nanoTime.getAsLong() >= dueAt;
    }

    /** Runs a full scan. One slow scan may be due to a busy machine, so only a second one in a row is followed by a pause. */
    <T> T run(Supplier<T> scan) {
        long begun = nanoTime.getAsLong();
        try {
            return scan.get();
        } finally {
            ended(nanoTime.getAsLong() - begun);
        }
    }

    private synchronized void ended(long nanos) {
        boolean slowAgain = slow && nanos > cheapNanos;
        slow = nanos > cheapNanos;
        dueAt = nanoTime.getAsLong() + (slowAgain ? Math.min(PAUSE_FACTOR * nanos, LONGEST_PAUSE_NANOS) : 0);
    }
}
