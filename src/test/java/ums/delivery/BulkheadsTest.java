package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkheadsTest {

    private long nanos;
    private final Bulkheads bulkheads = new Bulkheads(64, () -> nanos);

    @Test
    void aBulkheadThatWasNotMeasuredYetGetsItsShareWhereOthersAreInFlight() {
        bulkheads.acquire("quick");

        assertThat(entered("new", 64)).isEqualTo(16);
    }

    @Test
    void theOnlyBulkheadInFlightGetsAllPermits() {
        assertThat(entered("only", 64)).isEqualTo(64);
    }

    @Test
    void aQuickBulkheadIsNotLimited() {
        bulkheads.acquire("other");
        bulkheads.acquire("quick");
        pass(Duration.ofMillis(5));
        bulkheads.release("quick");

        assertThat(entered("quick", 40)).isEqualTo(40);
    }

    @Test
    void aSteadyBulkheadIsNotLimitedBelowFiveSeconds() {
        bulkheads.acquire("other");
        bulkheads.acquire("steady");
        pass(Duration.ofSeconds(3));
        bulkheads.release("steady");
        entered("steady", 16);
        pass(Duration.ofMillis(4_900));

        assertThat(bulkheads.acquire("steady")).isZero();
    }

    @Test
    void aBulkheadThatTakesOverFiveSecondsIsLimitedUntilItIsQuickAgain() {
        bulkheads.acquire("other");
        bulkheads.acquire("slow");
        pass(Duration.ofSeconds(20));
        bulkheads.release("slow");
        assertThat(entered("slow", 30)).isEqualTo(16);

        for (int i = 0; i < 16; i++) {
            bulkheads.release("slow");
        }
        assertThat(entered("slow", 30)).isEqualTo(30);
    }

    @Test
    void aQuickBulkheadThatBeginsToHangIsLimitedSoon() {
        bulkheads.acquire("other");
        bulkheads.acquire("hangs");
        pass(Duration.ofMillis(5));
        bulkheads.release("hangs");
        entered("hangs", 16);

        pass(Duration.ofMillis(101));

        assertThat(bulkheads.acquire("hangs")).isPositive();
        assertThat(bulkheads.acquire("other")).isZero();
    }

    @Test
    void aMessageOfAFullBulkheadTriesAgainWhenThereWillBeCapacityAndAMinuteLaterAtMost() {
        bulkheads.acquire("other");
        bulkheads.acquire("slow");
        pass(Duration.ofSeconds(16));
        bulkheads.release("slow");
        entered("slow", 16);

        assertThat(bulkheads.acquire("slow")).isEqualTo(Duration.ofSeconds(5));
        assertThat(bulkheads.acquire("slow")).isEqualTo(Duration.ofSeconds(6));
        assertThat(bulkheads.acquire("slow")).isEqualTo(Duration.ofSeconds(7));
        for (int i = 0; i < 100; i++) {
            bulkheads.acquire("slow");
        }
        assertThat(bulkheads.acquire("slow")).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void afterAPauseOfAQuickBulkheadNoMessageWaitsMuchLongerThanThePauseLasted() {
        bulkheads.acquire("other");
        bulkheads.acquire("quick");
        pass(Duration.ofMillis(5));
        bulkheads.release("quick");
        entered("quick", 16);
        pass(Duration.ofMillis(300));

        assertThat(bulkheads.acquire("quick")).isEqualTo(Duration.ofMillis(300));
    }

    private int entered(String bulkhead, int tries) {
        return (int) IntStream.range(0, tries)
                .filter(_ -> bulkheads.acquire(bulkhead).isZero())
                .count();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
