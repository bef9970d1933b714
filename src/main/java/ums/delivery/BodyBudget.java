package ums.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of large contents that are being sent. An attempt that does not fit is snoozed, so that it holds no permit
 * while it waits, and smaller ones overtake it. The first that did not fit is the next: what it needs is kept free until it
 * comes back, so that a very large one is sent too. One that is larger than the whole capacity is sent alone.
 */
final class BodyBudget {

    /** Copies of a content between row and socket, at worst: as read, as text, as parts, encoded, as the mail. */
    private static final int COPIES = 8;

    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);
    /** How late the next may come back before it loses its position: another process may have claimed it. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

    private final long capacity;
    private final LongSupplier nanoTime;
    private final Deque<Long> startedAt = new ArrayDeque<>();
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
     * Acquires the memory for one attempt, if it is free.
     *
     * @param length of the message's content, in octets
     * @return zero where it was acquired, else how long to wait before the next try
     */
    synchronized Duration acquire(UUID messageId, long length) {
        long needs = needs(length);
        long now = nanoTime.getAsLong();
        boolean first = next == null || next.equals(messageId) || now - nextUntil > 0;
        if (needs <= free && (first || free - needs >= nextNeeds)) {
            next = first ? null : next;
            free -= needs;
            startedAt.addLast(now);
            return Duration.ZERO;
        }
        long oldest = startedAt.isEmpty() ? 0 : now - startedAt.getFirst();
        // The oldest attempt may end at any time; the longer it lasts, the rarer are the tries.
        long pause = Math.clamp(oldest, SHORTEST_PAUSE, LONGEST_PAUSE);
        if (first) {
            next = messageId;
            nextNeeds = needs;
            nextUntil = now + pause + GRACE;
            return Duration.ofNanos(pause);
        }
        // The others try one after the other, as memory will become free.
        lastPlanned = Math.clamp(lastPlanned + share(pause, needs), now + pause, now + LONGEST_WAIT);
        return Duration.ofNanos(lastPlanned - now);
    }

    /** Releases the memory of one attempt. Attempts are assumed to end in the sequence in which they started. */
    synchronized void release(long length) {
        free += needs(length);
        startedAt.pollFirst();
    }

    private long needs(long length) {
        return Math.min(capacity, length * COPIES);
    }

    private long share(long pause, long needs) {
        return (long) ((double) pause * needs / capacity);
    }
}
