package ums.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The health of the dispatcher's polls: for how long none has succeeded. */
final class PollHealth {

    private static final Duration HANGS = Duration.ofSeconds(5);
    private static final Duration DOWN = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private long since;
    private boolean underWay;
    private boolean failing;

    /** @param nanoTime a monotonic clock */
    PollHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A poll begins. The time since the first one that did not succeed goes on. */
    synchronized void begin() {
        if (!underWay) {
            since = nanoTime.getAsLong();
            underWay = true;
        }
    }

    synchronized void succeeded() {
        underWay = false;
        failing = false;
    }

    synchronized void failed() {
        failing = true;
    }

    /** For how long no poll has succeeded; zero between polls if the last one did. */
    synchronized Duration withoutSuccess() {
        return underWay ? Duration.ofNanos(nanoTime.getAsLong() - since) : Duration.ZERO;
    }

    /** Whether the last poll failed, or hangs. */
    synchronized boolean isFaltering() {
        return failing || withoutSuccess().compareTo(HANGS) > 0;
    }

    /** Whether no poll has succeeded for too long. */
    boolean isDown() {
        return withoutSuccess().compareTo(DOWN) >= 0;
    }
}
