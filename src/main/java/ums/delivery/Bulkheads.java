package ums.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a slow provider's messages (a recipient domain's, say) from holding all permits: a lane may hold a quarter of them,
 * and more only while it is quick: while what it has been at longest is not out of proportion to what it took before, nor
 * over five seconds. A lane of which nothing is known yet gets more than its share only where it keeps nobody else waiting.
 */
final class Bulkheads {

    private static final long SLOW = TimeUnit.SECONDS.toNanos(5);
    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);
    private static final long TOO_SHORT_TO_TELL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int OUT_OF_PROPORTION = 10;
    private static final int FORGET_ABOVE = 10_000;

    private final int share;
    private final LongSupplier nanoTime;
    private final Map<String, Bulkhead> bulkheads = new HashMap<>();
    private int inFlight;

    /**
     * @param permits how many there are
     * @param nanoTime a monotonic clock
     */
    Bulkheads(int permits, LongSupplier nanoTime) {
        this.share = Math.max(1, permits / 4);
        this.nanoTime = nanoTime;
    }

    /**
     * Takes a place for one send, unless the lane holds its share and is not quick: then the message has to wait. Those who
     * wait are told to come one after the other, as the lane has places for them, so that a long line costs no more looks
     * than there will be places.
     *
     * @return nothing where it has a place, else how long to wait
     */
    synchronized Duration acquire(String name) {
        Bulkhead bulkhead = bulkheads.computeIfAbsent(name, _ -> new Bulkhead());
        long now = nanoTime.getAsLong();
        boolean alone = bulkhead.begun.size() == inFlight;
        if (bulkhead.begun.size() >= share && !(bulkhead.finished ? bulkhead.quick(now) : alone)) {
            long longest = Math.max(bulkhead.usual, now - bulkhead.begun.getFirst());
            if (longest < SLOW) {
                // It may be no more than a pause: nobody is to wait longer for that than it has lasted.
                return Duration.ofNanos(Math.max(longest, SHORTEST_WAIT));
            }
            bulkhead.nextTurn = Math.clamp(bulkhead.nextTurn + longest / share, now + SLOW, now + LONGEST_WAIT);
            return Duration.ofNanos(bulkhead.nextTurn - now);
        }
        bulkhead.begun.addLast(now);
        inFlight++;
        return Duration.ZERO;
    }

    /** Gives the place back and learns how long it was held. Sends of a lane are taken to end in the order they began. */
    synchronized void release(String name) {
        Bulkhead bulkhead = bulkheads.get(name);
        if (bulkhead == null || bulkhead.begun.isEmpty()) {
            return;
        }
        inFlight--;
        long took = nanoTime.getAsLong() - bulkhead.begun.removeFirst();
        bulkhead.usual = bulkhead.finished ? bulkhead.usual + (took - bulkhead.usual) / 8 : took;
        bulkhead.finished = true;
        if (bulkhead.begun.isEmpty() && bulkheads.size() > FORGET_ABOVE) {
            bulkheads.remove(name);
        }
    }

    private static final class Bulkhead {

        private final Deque<Long> begun = new ArrayDeque<>();
        private boolean finished;
        private long usual;
        private long nextTurn = Long.MIN_VALUE / 2;

        private boolean quick(long now) {
            long longest = now - begun.getFirst();
            return usual <= SLOW && longest <= Math.clamp(usual * OUT_OF_PROPORTION, TOO_SHORT_TO_TELL, SLOW);
        }
    }
}
