package ums.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The two clocks of this machine. The monotonic one is never set, and stands still while the machine is suspended; the wall
 * clock goes on, or is set when it resumes. So a difference between what the two say has passed is a gap or a step.
 *
 * @param nanoTime the monotonic clock
 * @param wall the wall clock
 */
public record Clocks(LongSupplier nanoTime, Clock wall) {

    /** Those of this machine. */
    public static Clocks system() {
        return new Clocks(System::nanoTime, Clock.systemUTC());
    }

    /** What both say now. */
    public Reading read() {
        return new Reading(nanoTime.getAsLong(), wall.instant());
    }

    /**
     * What both clocks said at one moment.
     *
     * @param nanos the monotonic clock
     * @param wall the wall clock
     */
    public record Reading(long nanos, Instant wall) {

        /** By how much the wall clock has moved more than the monotonic one since then; negative where it moved less. */
        public Duration drift(Reading earlier) {
            return Duration.between(earlier.wall, wall).minusNanos(nanos - earlier.nanos);
        }
    }
}
