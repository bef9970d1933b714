package ums.queue;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The id behind which a claim of a channel begins to scan, by priority. Entries with lower ids have been claimed, so that a claim skips
 * their dead index entries: an old snapshot keeps these from being vacuumed, and each claim adds more. The mark only saves
 * time.
 *
 * <p>It stays half a second behind the claims, because ids are assigned before their entries are committed. A {@link FullScan}
 * finds entries below it that were committed even later, or that another process made ready again.
 */
final class LowWaterMark {

    private static final long LAG_NANOS = 500_000_000L;
    private static final long ALL_PRIORITIES_NANOS = 20_000_000_000L;
    private static final int PRIORITIES = Priority.values().length;

    private final LongSupplier nanoTime;
    private final long[] marks = new long[PRIORITIES];
    private final long[] next = new long[PRIORITIES];
    private final long[] latest = new long[PRIORITIES];
    private final FullScan fullScan;
    private long advancedAt;
    private long scannedAllPrioritiesAt;

    /** @param nanoTime a monotonic clock */
    LowWaterMark(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.advancedAt = nanoTime.getAsLong();
        this.scannedAllPrioritiesAt = advancedAt;
        // Claims follow each other at once, so no full scan counts as cheap.
        this.fullScan = new FullScan(nanoTime, Duration.ZERO);
    }

    /** Scans for ready entries, for a claim. */
    <T> T scan(Function<Marks, T> scan) {
        Marks from = marks();
        return from.full ? fullScan.run(() -> scan.apply(from)) : scan.apply(from);
    }

    /** Where the next scan begins. */
    synchronized Marks marks() {
        long now = nanoTime.getAsLong();
        if (now - advancedAt >= LAG_NANOS) {
            System.arraycopy(next, 0, marks, 0, PRIORITIES);
            System.arraycopy(latest, 0, next, 0, PRIORITIES);
            advancedAt = now;
        }
        if (!fullScan.isDue()) {
            return new Marks(marks.clone(), false, false);
        }
        boolean allPriorities = now - scannedAllPrioritiesAt >= ALL_PRIORITIES_NANOS;
        if (allPriorities) {
            scannedAllPrioritiesAt = now;
        }
        return new Marks(new long[PRIORITIES], true, allPriorities);
    }

    /**
     * A claim has been made. Entries of the priority that were ready before its lowest one were claimed too, or other processes
     * are claiming them.
     *
     * @param lowest the lowest id that it claimed of the priority
     */
    synchronized void claimed(int priority, long lowest) {
        found(priority, lowest);
        latest[priority] = lowest - 1;
    }

    /** A ready entry was found. If it is below the mark there may be more, so the mark is lowered to it. */
    synchronized void found(int priority, long id) {
        if (id <= marks[priority]) {
            readyAgain(priority, id);
        }
    }

    /** An entry has become ready again, below the mark or not. */
    synchronized void readyAgain(int priority, long id) {
        for (long[] each : new long[][] {marks, next, latest}) {
            each[priority] = Math.min(each[priority], id - 1);
        }
    }

    /**
     * Where a scan begins.
     *
     * @param byPriority the id behind which it begins, by priority
     * @param full whether it begins at the beginning
     * @param allPriorities whether it must reach every priority, however many entries the first one has
     */
    record Marks(long[] byPriority, boolean full, boolean allPriorities) {}
}
