package ums.provider.smtp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The deadline of the current step of one connection. The thread that uses the connection arms it before each step, and
 * the {@link SmtpWatchdog} cuts the step when it has passed. Both use compare-and-set, so that a step that ended just
 * in time cannot have its successor cut. Instants are nanoseconds of the monotonic clock, from an origin that makes
 * them positive.
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

    /** The instant after a duration from now. */
    static long after(Duration duration) {
        long now = now();
        // Durations of centuries do not fit into nanoseconds: they mean never.
        return duration.compareTo(Duration.ofNanos(NEVER - now)) >= 0 ? NEVER : now + duration.toNanos();
    }

    /** The instant of a value of {@link System#nanoTime()}. */
    static long at(long nanoTime) {
        return after(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
    }

    /** Sets the deadline of the next step; false when the connection was cut already, or the deadline has passed. */
    boolean arm(long instant) {
        long current = at.get();
        return current != CUT && instant > now() && at.compareAndSet(current, instant);
    }

    /** Ends the current step; false when it was cut. */
    boolean disarm() {
        long current = at.get();
        return current != CUT && at.compareAndSet(current, NEVER);
    }

    /** Cuts the current step if its deadline has passed; true only for the call that cut it. */
    boolean cutIfPast(long now) {
        long current = at.get();
        return current != CUT && current <= now && at.compareAndSet(current, CUT);
    }

    boolean isCut() {
        return at.get() == CUT;
    }
}
