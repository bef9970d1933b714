package ums.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How the dispatcher's turns go, for health: since when none has succeeded. */
final class PollHealth {

    private static final Duration HANGS = Duration.ofSeconds(5);
    private static final Duration GIVEN_UP = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private long since;
    private boolean underWay;
    private boolean failing;

    /** @param nanoTime a monotonic clock */
    PollHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A turn begins. What was wrong before it is wrong until it succeeds. */
    synchronized void begin() {
        if (!underWay) {
            since = nanoTime.getAsLong();
            underWay = true;
        }
    }

    /** It was as it should be. */
    synchronized void succeeded() {
        underWay = false;
        failing = false;
    }

    /** It ended in a fault; or it looked at nothing, while one before had failed. */
    synchronized void failed() {
        failing = true;
    }

    /** For how long none has succeeded that should have; nothing where the last one did. */
    synchronized Duration without() {
        return underWay ? Duration.ofNanos(nanoTime.getAsLong() - since) : Duration.ZERO;
    }

    /** Whether the last one failed, or hangs. */
    synchronized boolean faltering() {
        return failing || without().compareTo(HANGS) > 0;
    }

    /** Whether it has been so for too long to be a hiccup. */
    boolean givenUp() {
        return without().compareTo(GIVEN_UP) >= 0;
    }
}
