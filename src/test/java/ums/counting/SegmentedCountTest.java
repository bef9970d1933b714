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

/** A long line is counted exactly while it is short, and nearly so above, at little cost each time. */
class SegmentedCountTest {

    private final NavigableSet<Long> line = new TreeSet<>();
    private int walks;
    private boolean broken;
    private final SegmentedCount<Long> count = new SegmentedCount<>(this::walk);

    @Test
    void aShortLineIsCountedExactlyWhateverHappensToIt() {
        assertThat(count.count()).isZero();
        for (long size : new long[] {1, 4_999, 5_000, 5_001, 10_000, 20_000}) {
            line.clear();
            fill(0, size);
            assertThat(count.count()).isEqualTo(size);
        }
        line.headSet(19_000L).clear();
        assertThat(count.count()).isEqualTo(1_000);
    }

    @Test
    void aLineThatIsTakenFromItsFrontAndGrowsAtItsEndIsFollowedAtLittleCost() {
        fill(0, 1_000_000);
        count.count();
        long end = 1_000_000;
        for (int round = 0; round < 100; round++) {
            line.headSet(line.first() + 7_000).clear();
            fill(end, end + 2_000);
            end += 2_000;
            walks = 0;
            assertThat(count.count()).isBetween((long) (line.size() * 0.99), (long) (line.size() * 1.01));
            assertThat(walks).isLessThan(60);
        }
    }

    @Test
    void whatGrowsOrVanishesAtOnceIsSeenAtOnce() {
        fill(0, 50_000);
        count.count();
        fill(50_000, 800_000);
        assertThat(count.count()).isEqualTo(800_000);
        line.removeIf(it -> it % 3 == 0);
        assertWithin(count.count(), 0.1);
        line.clear();
        assertThat(count.count()).isZero();
    }

    @Test
    void aTakingFromSeveralFrontsAtOnceIsSeenAtOnce() {
        fill(0, 2_100_000);
        count.count();
        for (long front : new long[] {0, 700_000, 1_400_000}) {
            line.subSet(front, front + 133_000).clear();
        }
        assertWithin(count.count(), 0.05);
    }

    @Test
    void whateverHappensWhereverItIsWithinATenth() {
        Random random = new Random(42);
        fill(0, 300_000);
        count.count();
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < 2_000; i++) {
                long place = (long) (random.nextDouble() * 400_000);
                if (random.nextInt(100) < 45) {
                    line.add(place);
                } else {
                    line.remove(place);
                }
            }
            assertWithin(count.count(), 0.1);
        }
    }

    @Test
    void afterAFaultItGoesOn() {
        fill(0, 100_000);
        count.count();
        broken = true;
        assertThatThrownBy(count::count).isInstanceOf(IllegalStateException.class);
        broken = false;
        fill(100_000, 200_000);
        assertThat(count.count()).isEqualTo(200_000);
    }

    private void assertWithin(long counted, double error) {
        assertThat((double) counted).isBetween(line.size() * (1 - error), line.size() * (1 + error));
    }

    private void fill(long from, long to) {
        LongStream.range(from, to).forEach(line::add);
    }

    private Step<Long> walk(@Nullable Long after, @Nullable Long upTo, int max) {
        if (broken) {
            throw new IllegalStateException("out of reach");
        }
        walks++;
        NavigableSet<Long> part = after == null ? line : line.tailSet(after, false);
        int gone = 0;
        Long last = null;
        for (Long each : part) {
            if (gone == max || (upTo != null && each > upTo)) {
                break;
            }
            gone++;
            last = each;
        }
        return new Step<>(gone, last);
    }
}
