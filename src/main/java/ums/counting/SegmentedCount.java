package ums.counting;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts an ordered line in the database (an index, say) again and again, however long it is: exactly while it is short, and
 * within a few per cent above. The line is known as segments of a few thousand entries. Each time, those segments are
 * counted anew that changed the last time, their neighbours, both ends and some of the others, evenly spread, in turn; where the
 * latter differ from what was known, so may all others, and all are counted. Each look at the database goes through one segment at
 * most, so that none takes long. For one thread at a time.
 *
 * @param <K> what the line is ordered by, no two entries the same
 */
public final class SegmentedCount<K> {

    /** How many entries one look goes through at most: about two milliseconds. */
    public static final int STEP = 5_000;

    private static final int COUNTED_WHOLE = 4 * STEP;
    private static final int ROUNDS = 32;
    private static final int LEAST_IN_TURN = 8;
    private static final double QUIET = 0.01;
    private static final double DRIFT = 0.03;

    private final Line<K> line;
    private List<Segment<K>> segments = List.of();
    private int turn;

    /** @param line what to count */
    public SegmentedCount(Line<K> line) {
        this.line = line;
    }

    /** How many entries the line has now. What the line throws is passed on, and forgets nothing. */
    public long count() {
        if (known() <= COUNTED_WHOLE) {
            segments = walk(null, null);
        } else {
            lookAround();
        }
        return known();
    }

    private long known() {
        return segments.stream().mapToLong(Segment::count).sum();
    }

    private void lookAround() {
        int size = segments.size();
        int stride = Math.min(Math.max(1, size / LEAST_IN_TURN), ROUNDS);
        List<Segment<K>> fresh = new ArrayList<>(size + 1);
        long before = 0;
        long after = 0;
        boolean spills = false;
        for (int i = 0; i < size; i++) {
            Segment<K> segment = segments.get(i);
            boolean drawn = i % stride == turn % stride;
            boolean quiet = !spills && !segment.restless && i > 0 && i < size - 1;
            if (quiet && !drawn) {
                append(fresh, segment);
                continue;
            }
            List<Segment<K>> found = walk(segment.after, segment.upTo);
            long count = found.stream().mapToLong(Segment::count).sum();
            spills = Math.abs(count - segment.count) > QUIET * segment.count;
            for (Segment<K> each : found) {
                append(fresh, new Segment<>(each.after, each.upTo, each.count, spills));
            }
            if (quiet) {
                before += segment.count;
                after += count;
            }
        }
        turn++;
        segments = Math.abs(after - before) > DRIFT * before ? walk(null, null) : fresh;
    }

    private List<Segment<K>> walk(@Nullable K from, @Nullable K upTo) {
        List<Segment<K>> found = new ArrayList<>();
        K after = from;
        while (true) {
            Step<K> step = line.walk(after, upTo, STEP);
            K last = step.last;
            if (step.entries < STEP || last == null) {
                append(found, new Segment<>(after, upTo, step.count, false));
                return found;
            }
            append(found, new Segment<>(after, last, step.count, false));
            after = last;
        }
    }

    /** Small neighbours become one, so that a line that has become short is not looked at in many small pieces. */
    private static <K> void append(List<Segment<K>> segments, Segment<K> next) {
        Segment<K> last = segments.isEmpty() ? null : segments.getLast();
        if (last != null && last.count + next.count <= STEP) {
            segments.removeLast();
            segments.add(new Segment<>(last.after, next.upTo, last.count + next.count, last.restless || next.restless));
        } else {
            segments.add(next);
        }
    }

    /** Where the entries come from. */
    public interface Line<K> {

        /**
         * Goes through the first entries behind one.
         *
         * @param after the entry to begin behind, or null for the beginning
         * @param upTo the last entry to go through, or null for the end
         * @param max how many at most
         */
        Step<K> walk(@Nullable K after, @Nullable K upTo, int max);
    }

    /**
     * What was gone through.
     *
     * @param entries how many entries that were
     * @param count how many of them are to be counted
     * @param last the last of them, or null where there was none
     */
    public record Step<K>(int entries, int count, @Nullable K last) {

        /** Where all are counted. */
        public Step(int entries, @Nullable K last) {
            this(entries, entries, last);
        }
    }

    /**
     * A part of the line.
     *
     * @param restless whether it was different the last time from the time before
     */
    private record Segment<K>(@Nullable K after, @Nullable K upTo, long count, boolean restless) {}
}
