package ums.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a slow destination (a recipient domain, for instance) from holding all permits. A bulkhead may hold a quarter of them,
 * and more only while it is quick: while its oldest send is no older than ten times its usual duration, nor than five seconds.
 * A bulkhead that has not finished a send yet gets more than its share only where it is the only one in flight.
 */
final class Bulkheads {

    private static final long SLOW = TimeUnit.SECONDS.toNanos(5);
    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);
    /** A send of this age is quick, whatever is usual. */
    private static final long ALWAYS_QUICK = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int SLOW_FACTOR = 10;
    private static final int FORGET_ABOVE = 10_000;

    private final int share;
    private final LongSupplier nanoTime;
    private final Map<String, Bulkhead> bulkheads = new HashMap<>();
    private int inFlight;

    /**
     * @param permits how many there are in all
     * @param nanoTime a monotonic clock
     */
    Bulkheads(int permits, LongSupplier nanoTime) {
        this.share = Math.max(1, permits / 4);
        this.nanoTime = nanoTime;
    }

    /**
     * Acquires capacity for one send, unless the bulkhead holds its share and is not quick. Waiting messages try again at
     * different times, as the bulkhead will have capacity for them, so that a long wait queue costs few claims.
     *
     * @return zero where it was acquired, else how long to wait before the next try
     */
    synchronized Duration acquire(String name) {
        Bulkhead bulkhead = bulkheads.computeIfAbsent(name, _ -> new Bulkhead());
        long now = nanoTime.getAsLong();
        boolean alone = bulkhead.startedAt.size() == inFlight;
        if (bulkhead.startedAt.size() >= share && !(bulkhead.measured ? bulkhead.isQuick(now) : alone)) {
            long longest = Math.max(bulkhead.usual, now - bulkhead.startedAt.getFirst());
            if (longest < SLOW) {
                // It may be a pause: no message waits longer for its end than it has lasted.
                return Duration.ofNanos(Math.max(longest, SHORTEST_WAIT));
            }
            bulkhead.lastPlanned = Math.clamp(bulkhead.lastPlanned + longest / share, now + SLOW, now + LONGEST_WAIT);
            return Duration.ofNanos(bulkhead.lastPlanned - now);
        }
        bulkhead.startedAt.addLast(now);
        inFlight++;
        return Duration.ZERO;
    }

    /** Releases the capacity and measures the send. Sends are assumed to end in the sequence in which they started. */
    synchronized void release(String name) {
        Bulkhead bulkhead = bulkheads.get(name);
        if (bulkhead == null || bulkhead.startedAt.isEmpty()) {
            return;
        }
        inFlight--;
        long took = nanoTime.getAsLong() - bulkhead.startedAt.removeFirst();
        bulkhead.usual = bulkhead.measured ? bulkhead.usual + (took - bulkhead.usual) / 8 : took;
        bulkhead.measured = true;
        if (bulkhead.startedAt.isEmpty() && bulkheads.size() > FORGET_ABOVE) {
            bulkheads.remove(name);
        }
    }

    private static final class Bulkhead {

        private final Deque<Long> startedAt = new ArrayDeque<>();
        private boolean measured;
        private long usual;
        private long lastPlanned = Long.MIN_VALUE / 2;

        private boolean isQuick(long now) {
            long longest = now - startedAt.getFirst();
            return usual <= SLOW && longest <= Math.clamp(usual * SLOW_FACTOR, ALWAYS_QUICK, SLOW);
        }
    }
}
