package ums.queue;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/**
 * How far the queue is known to be done with, by priority, so that a claim need not walk over the remains of what was taken
 * before: where an old snapshot keeps these from being vacuumed, they are more with every claim. It is no more than a
 * speed-up. It stays half a second behind what was claimed, as orders are numbered before they are committed, and now and then
 * a {@link FullScan} is taken, so that nothing stays behind that was committed later still or became ready again in another
 * process.
 */
@Component
final class LowWaterMark {

    private static final long BEHIND_NANOS = 500_000_000L;
    private static final long TO_THE_LAST_NANOS = 20_000_000_000L;
    private static final int PRIORITIES = Priority.values().length;

    private final LongSupplier nanoTime;
    private final long[] marks = new long[PRIORITIES];
    private final long[] soon = new long[PRIORITIES];
    private final long[] latest = new long[PRIORITIES];
    private final FullScan fullScan;
    private long turnedAt;
    private long wentToTheLastAt;

    /** The one mark of this process, which either claims or relays. */
    LowWaterMark() {
        this(System::nanoTime);
    }

    /** @param nanoTime a monotonic clock */
    LowWaterMark(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.turnedAt = nanoTime.getAsLong();
        this.wentToTheLastAt = turnedAt;
        this.fullScan = new FullScan(nanoTime, Duration.ZERO);
    }

    /** Looks for ready orders, for a claim. */
    <T> T look(Function<Marks, T> look) {
        Marks marks = marks();
        return marks.whole ? fullScan.take(() -> look.apply(marks)) : look.apply(marks);
    }

    /** Behind which numbers to look. */
    synchronized Marks marks() {
        long now = nanoTime.getAsLong();
        if (now - turnedAt >= BEHIND_NANOS) {
            System.arraycopy(soon, 0, marks, 0, PRIORITIES);
            System.arraycopy(latest, 0, soon, 0, PRIORITIES);
            turnedAt = now;
        }
        if (!fullScan.isDue()) {
            return new Marks(marks.clone(), false, false);
        }
        boolean toTheLast = now - wentToTheLastAt >= TO_THE_LAST_NANOS;
        if (toTheLast) {
            wentToTheLastAt = now;
        }
        return new Marks(new long[PRIORITIES], true, toTheLast);
    }

    /** The lowest that a claim took of a priority: what was ready before it was taken too, or others are taking it. */
    synchronized void claimed(int priority, long lowest) {
        found(priority, lowest);
        latest[priority] = lowest - 1;
    }

    /** An order was found. Where that was not behind the mark there may be more of them: it comes down to them. */
    synchronized void found(int priority, long id) {
        if (id <= marks[priority]) {
            readyAgain(priority, id);
        }
    }

    /** An order has become ready again, wherever it stands. */
    synchronized void readyAgain(int priority, long id) {
        for (long[] each : new long[][] {marks, soon, latest}) {
            each[priority] = Math.min(each[priority], id - 1);
        }
    }

    /**
     * Where a claim begins.
     *
     * @param byPriority behind which number
     * @param whole whether it looks at all there is
     * @param toTheLast whether it is to reach every priority, however long the line of the first
     */
    record Marks(long[] byPriority, boolean whole, boolean toTheLast) {}
}
