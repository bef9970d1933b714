package ums.channel.email;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Until when the current step of one connection may take. The connection's owner arms it before each step, the
 * {@link SmtpWatchdog} cuts it when it has passed. Both do so by compare-and-set, so that a step that ended just in time
 * cannot have its successor cut. Instants are nanoseconds of the monotonic clock, from an origin that makes them
 * positive.
 */
final class SmtpDeadline {

    static final long NEVER = Long.MAX_VALUE;
    private static final long CUT = Long.MIN_VALUE;
    private static final long ORIGIN = System.nanoTime();

    private final AtomicLong at = new AtomicLong(NEVER);

    /** The present instant. */
    static long now() {
        return System.nanoTime() - ORIGIN;
    }

    /** The instant that far ahead. */
    static long after(Duration duration) {
        long now = now();
        // Durations of years do not fit into nanoseconds: they mean never.
        return duration.compareTo(Duration.ofNanos(NEVER - now)) >= 0 ? NEVER : now + duration.toNanos();
    }

    /** Sets the deadline of the next step; false when it has been cut already, or would be at once. */
    boolean arm(long instant) {
        long current = at.get();
        return current != CUT && instant > now() && at.compareAndSet(current, instant);
    }

    /** Ends the last step; false when it has been cut. */
    boolean disarm() {
        long current = at.get();
        return current != CUT && at.compareAndSet(current, NEVER);
    }

    /** Cuts the current step if its deadline has passed; true for the one call that did. */
    boolean cutIfPast(long now) {
        long current = at.get();
        return current != CUT && current <= now && at.compareAndSet(current, CUT);
    }

    boolean isCut() {
        return at.get() == CUT;
    }
}
