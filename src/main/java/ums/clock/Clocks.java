package ums.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * This machine's two clocks. The monotonic clock is never set, and stands still while the machine is suspended. The wall clock
 * goes on, or is set when the machine resumes. If the two count different durations, there was a suspension or a step.
 *
 * @param nanoTime the monotonic clock
 * @param wall the wall clock
 */
public record Clocks(LongSupplier nanoTime, Clock wall) {

    /** The operating system's clocks. */
    public static Clocks system() {
        return new Clocks(System::nanoTime, Clock.systemUTC());
    }

    /** Reads both clocks. */
    public Reading read() {
        return new Reading(nanoTime.getAsLong(), wall.instant());
    }

    /**
     * A reading of both clocks at one moment.
     *
     * @param nanos the monotonic clock
     * @param wall the wall clock
     */
    public record Reading(long nanos, Instant wall) {

        /** How much more than the monotonic clock the wall clock has counted since then; negative if less. */
        public Duration drift(Reading earlier) {
            return Duration.between(earlier.wall, wall).minusNanos(nanos - earlier.nanos);
        }
    }
}
