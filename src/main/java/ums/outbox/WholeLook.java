package ums.outbox;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says when something may be looked for from the very beginning of an index, over the remains of all that was there before.
 * That is the surest look, and as a rule a cheap one. Where an old snapshot keeps the remains, it is not: then it is taken so
 * rarely that it needs a fiftieth of the time, and those in between begin where the last ones found something.
 */
final class WholeLook {

    private static final long CHEAP_NANOS = 20_000_000;
    private static final int REST = 50;

    private final LongSupplier nanoTime;
    private boolean slow;
    private long restsUntil;

    /** @param nanoTime a monotonic clock */
    WholeLook(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.restsUntil = nanoTime.getAsLong();
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
        boolean slowAgain = slow && nanos > CHEAP_NANOS;
        slow = nanos > CHEAP_NANOS;
        restsUntil = nanoTime.getAsLong() + (slowAgain ? REST * nanos : 0);
    }
}
