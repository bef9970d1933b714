package ums.counting;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the entries of an index periodically, however many there are: exactly while they are few, and within a few per cent
 * above.
 *
 * <p>It divides the index into segments of a few thousand entries and remembers the count of each. Each time it counts again
 * the segments that changed the last time, their neighbours, the first and the last one, and a sample of the others, evenly
 * spread and another one each time. If the sample has changed, the rest may have too, and all segments are counted. A query
 * scans one segment at most, so that none takes long. Not thread-safe.
 *
 * @param <K> the index's key; unique
 */
public final class SegmentedCount<K> {

    /** How many entries a query scans at most; that takes about two milliseconds. */
    public static final int STEP = 5_000;

    private static final int MAX_EXACT = 4 * STEP;
    private static final int MAX_STRIDE = 32;
    private static final int MIN_SAMPLE = 8;
    private static final double CHANGE = 0.01;
    private static final double DRIFT = 0.03;

    private final Index<K> index;
    private List<Segment<K>> segments = List.of();
    private int round;

    /** @param index the entries to count */
    public SegmentedCount(Index<K> index) {
        this.index = index;
    }

    /** How many entries the index has now. An exception of the index is thrown on, and the next call counts all the same. */
    public long count() {
        if (known() <= MAX_EXACT) {
            segments = scan(null, null);
        } else {
            recount();
        }
        return known();
    }

    private long known() {
        return segments.stream().mapToLong(Segment::count).sum();
    }

    private void recount() {
        int size = segments.size();
        int stride = Math.min(Math.max(1, size / MIN_SAMPLE), MAX_STRIDE);
        List<Segment<K>> fresh = new ArrayList<>(size + 1);
        long before = 0;
        long after = 0;
        boolean changed = false;
        for (int i = 0; i < size; i++) {
            Segment<K> segment = segments.get(i);
            boolean sampled = i % stride == round % stride;
            boolean steady = !changed && !segment.changed && i > 0 && i < size - 1;
            if (steady && !sampled) {
                append(fresh, segment);
                continue;
            }
            List<Segment<K>> found = scan(segment.after, segment.upTo);
            long count = found.stream().mapToLong(Segment::count).sum();
            changed = Math.abs(count - segment.count) > CHANGE * segment.count;
            for (Segment<K> each : found) {
                append(fresh, new Segment<>(each.after, each.upTo, each.count, changed));
            }
            if (steady) {
                before += segment.count;
                after += count;
            }
        }
        round++;
        segments = Math.abs(after - before) > DRIFT * before ? scan(null, null) : fresh;
    }

    private List<Segment<K>> scan(@Nullable K from, @Nullable K upTo) {
        List<Segment<K>> found = new ArrayList<>();
        K after = from;
        while (true) {
            Step<K> step = index.scan(after, upTo, STEP);
            K last = step.last;
            if (step.entries < STEP || last == null) {
                append(found, new Segment<>(after, upTo, step.count, false));
                return found;
            }
            append(found, new Segment<>(after, last, step.count, false));
            after = last;
        }
    }

    /** Merges small neighbours, so that an index that has become short is not scanned in many small steps. */
    private static <K> void append(List<Segment<K>> segments, Segment<K> next) {
        Segment<K> last = segments.isEmpty() ? null : segments.getLast();
        if (last != null && last.count + next.count <= STEP) {
            segments.removeLast();
            segments.add(new Segment<>(last.after, next.upTo, last.count + next.count, last.changed || next.changed));
        } else {
            segments.add(next);
        }
    }

    /** The source of the entries. */
    public interface Index<K> {

        /**
         * Scans entries in the index's order.
         *
         * @param after the key behind which to begin, or null for the beginning
         * @param upTo the last key to scan, or null for the end
         * @param max how many entries to scan at most
         */
        Step<K> scan(@Nullable K after, @Nullable K upTo, int max);
    }

    /**
     * The result of a scan.
     *
     * @param entries how many entries were scanned
     * @param count how many of these count
     * @param last the last key, or null if there was no entry
     */
    public record Step<K>(int entries, int count, @Nullable K last) {

        /** All scanned entries count. */
        public Step(int entries, @Nullable K last) {
            this(entries, entries, last);
        }
    }

    /**
     * A part of the index.
     *
     * @param changed whether its last two counts differ
     */
    private record Segment<K>(@Nullable K after, @Nullable K upTo, long count, boolean changed) {}
}
