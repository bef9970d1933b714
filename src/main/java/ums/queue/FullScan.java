package ums.queue;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says when something may be looked for from the very beginning of an index, over the remains of all that was there before.
 * That is the surest look, and as a rule a cheap one. Where an old snapshot keeps the remains, it is not: then it is taken so
 * rarely that it needs a fiftieth of the time, if not less than every twenty seconds, and those in between begin where the last
 * ones found something.
 */
final class FullScan {

    private static final int REST = 50;

    /** What only a whole look finds must not wait for long, least of all because the database was away for a while. */
    private static final long LONGEST_REST_NANOS = 20_000_000_000L;

    private final LongSupplier nanoTime;
    private final long cheapNanos;
    private boolean slow;
    private long restsUntil;

    /**
     * @param nanoTime a monotonic clock
     * @param cheap a look of no more than this may be repeated at once
     */
    FullScan(LongSupplier nanoTime, Duration cheap) {
        this.nanoTime = nanoTime;
        this.cheapNanos = cheap.toNanos();
        this.restsUntil = nanoTime.getAsLong();
    }

    /** For who looks every few seconds. */
    static FullScan periodic(LongSupplier nanoTime) {
        return new FullScan(nanoTime, Duration.ofMillis(20));
    }

    synchronized boolean isDue() {
        return nanoTime.getAsLong() >= restsUntil;
    }

    /** Takes a look from the beginning. One slow look may be the machine's fault; only the second in a row has a rest. */
    <T> T take(Supplier<T> look) {
        long begun = nanoTime.getAsLong();
        try {
            return look.get();
        } finally {
            took(nanoTime.getAsLong() - begun);
        }
    }

    private synchronized void took(long nanos) {
        boolean slowAgain = slow && nanos > cheapNanos;
        slow = nanos > cheapNanos;
        restsUntil = nanoTime.getAsLong() + (slowAgain ? Math.min(REST * nanos, LONGEST_REST_NANOS) : 0);
    }
}
