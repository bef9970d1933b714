package ums.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory that large contents take while they are sent. An attempt that does not fit goes back into the queue, so
 * that it holds no permit while it waits, and smaller ones overtake it. The first that did not fit is the next: while it is
 * away nobody takes what it needs, so that a very large one gets its turn too. One that is larger than everything goes alone.
 */
final class BodyBudget {

    /** From the row to the socket a content is there so often at worst: as read, as text, as parts, encoded, as the mail. */
    private static final int COPIES = 8;

    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);
    /** How much later than planned the next may come before somebody else is: another process may have claimed it. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

    private final long capacity;
    private final LongSupplier nanoTime;
    private final Deque<Long> begun = new ArrayDeque<>();
    private long free;
    private @Nullable UUID next;
    private long nextNeeds;
    private long nextUntil;
    private long lastPlanned = Long.MIN_VALUE / 2;

    /**
     * @param capacity in bytes
     * @param nanoTime a monotonic clock
     */
    BodyBudget(long capacity, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.nanoTime = nanoTime;
        this.free = capacity;
    }

    /**
     * Takes the memory for one attempt, if it is there.
     *
     * @param message whose attempt it is
     * @param length of its content, in octets
     * @return nothing where it was taken, else how long to wait before asking again
     */
    synchronized Duration acquire(UUID message, long length) {
        long needs = needs(length);
        long now = nanoTime.getAsLong();
        boolean first = next == null || next.equals(message) || now - nextUntil > 0;
        if (needs <= free && (first || free - needs >= nextNeeds)) {
            next = first ? null : next;
            free -= needs;
            begun.addLast(now);
            return Duration.ZERO;
        }
        long oldest = begun.isEmpty() ? 0 : now - begun.getFirst();
        // It may take no longer; and as long again is asked for no more than a few times, however long it takes.
        long pause = Math.clamp(oldest, SHORTEST_PAUSE, LONGEST_PAUSE);
        if (first) {
            next = message;
            nextNeeds = needs;
            nextUntil = now + pause + GRACE;
            return Duration.ofNanos(pause);
        }
        // One after the other, as there will be memory for them.
        lastPlanned = Math.clamp(lastPlanned + share(pause, needs), now + pause, now + LONGEST_WAIT);
        return Duration.ofNanos(lastPlanned - now);
    }

    /** Gives it back. Attempts are taken to end in the order they began. */
    synchronized void release(long length) {
        free += needs(length);
        begun.pollFirst();
    }

    private long needs(long length) {
        return Math.min(capacity, length * COPIES);
    }

    private long share(long pause, long needs) {
        return (long) ((double) pause * needs / capacity);
    }
}
