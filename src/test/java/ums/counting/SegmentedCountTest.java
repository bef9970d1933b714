package ums.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import ums.counting.SegmentedCount.Step;

/** A short index is counted exactly and a long one nearly so, at little cost each time. */
class SegmentedCountTest {

    private final NavigableSet<Long> index = new TreeSet<>();
    private int scans;
    private boolean broken;
    private final SegmentedCount<Long> count = new SegmentedCount<>(this::scan);

    @Test
    void aShortIndexIsCountedExactlyAfterAnyChange() {
        assertThat(count.count()).isZero();
        for (long size : new long[] {1, 4_999, 5_000, 5_001, 10_000, 20_000}) {
            index.clear();
            fill(0, size);
            assertThat(count.count()).isEqualTo(size);
        }
        index.headSet(19_000L).clear();
        assertThat(count.count()).isEqualTo(1_000);
    }

    @Test
    void anIndexThatShrinksAtItsBeginningAndGrowsAtItsEndIsFollowedAtLittleCost() {
        fill(0, 1_000_000);
        count.count();
        long end = 1_000_000;
        for (int round = 0; round < 100; round++) {
            index.headSet(index.first() + 7_000).clear();
            fill(end, end + 2_000);
            end += 2_000;
            scans = 0;
            assertThat(count.count()).isBetween((long) (index.size() * 0.99), (long) (index.size() * 1.01));
            assertThat(scans).isLessThan(60);
        }
    }

    @Test
    void manyNewOrRemovedEntriesAreNoticedAtOnce() {
        fill(0, 50_000);
        count.count();
        fill(50_000, 800_000);
        assertThat(count.count()).isEqualTo(800_000);
        index.removeIf(it -> it % 3 == 0);
        assertWithin(count.count(), 0.1);
        index.clear();
        assertThat(count.count()).isZero();
    }

    @Test
    void removalsAtSeveralPlacesAreNoticedAtOnce() {
        fill(0, 2_100_000);
        count.count();
        for (long front : new long[] {0, 700_000, 1_400_000}) {
            index.subSet(front, front + 133_000).clear();
        }
        assertWithin(count.count(), 0.05);
    }

    @Test
    void afterRandomChangesTheCountIsWithinATenth() {
        Random random = new Random(42);
        fill(0, 300_000);
        count.count();
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < 2_000; i++) {
                long key = (long) (random.nextDouble() * 400_000);
                if (random.nextInt(100) < 45) {
                    index.add(key);
                } else {
                    index.remove(key);
                }
            }
            assertWithin(count.count(), 0.1);
        }
    }

    @Test
    void afterAnErrorCountingGoesOn() {
        fill(0, 100_000);
        count.count();
        broken = true;
        assertThatThrownBy(count::count).isInstanceOf(IllegalStateException.class);
        broken = false;
        fill(100_000, 200_000);
        assertThat(count.count()).isEqualTo(200_000);
    }

    private void assertWithin(long counted, double error) {
        assertThat((double) counted).isBetween(index.size() * (1 - error), index.size() * (1 + error));
    }

    private void fill(long from, long to) {
        LongStream.range(from, to).forEach(index::add);
    }

    private Step<Long> scan(@Nullable Long after, @Nullable Long upTo, int max) {
        if (broken) {
            throw new IllegalStateException("out of reach");
        }
        scans++;
        NavigableSet<Long> part = after == null ? index : index.tailSet(after, false);
        int scanned = 0;
        Long last = null;
        for (Long each : part) {
            if (scanned == max || (upTo != null && each > upTo)) {
                break;
            }
            scanned++;
            last = each;
        }
        return new Step<>(scanned, last);
    }
}
