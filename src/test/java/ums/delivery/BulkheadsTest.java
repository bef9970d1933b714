package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkheadsTest {

    private long nanos;
    private final Bulkheads bulkheads = new Bulkheads(64, () -> nanos);

    @Test
    void aLaneOfWhichNothingIsKnownGetsItsShareWhereItWouldKeepOthersWaiting() {
        bulkheads.enter("quick");

        assertThat(entered("new", 64)).isEqualTo(16);
    }

    @Test
    void aloneItGetsAll() {
        assertThat(entered("only", 64)).isEqualTo(64);
    }

    @Test
    void aQuickLaneIsNotCapped() {
        bulkheads.enter("other");
        bulkheads.enter("quick");
        pass(Duration.ofMillis(5));
        bulkheads.leave("quick");

        assertThat(entered("quick", 40)).isEqualTo(40);
    }

    @Test
    void aSlowButSteadyLaneIsNotCappedBelowFiveSeconds() {
        bulkheads.enter("other");
        bulkheads.enter("steady");
        pass(Duration.ofSeconds(3));
        bulkheads.leave("steady");
        entered("steady", 16);
        pass(Duration.ofMillis(4_900));

        assertThat(bulkheads.enter("steady")).isZero();
    }

    @Test
    void aLaneThatTakesOverFiveSecondsIsCappedUntilItIsQuickAgain() {
        bulkheads.enter("other");
        bulkheads.enter("slow");
        pass(Duration.ofSeconds(20));
        bulkheads.leave("slow");
        assertThat(entered("slow", 30)).isEqualTo(16);

        for (int i = 0; i < 16; i++) {
            bulkheads.leave("slow");
        }
        assertThat(entered("slow", 30)).isEqualTo(30);
    }

    @Test
    void aQuickLaneThatBeginsToHangIsCappedSoon() {
        bulkheads.enter("other");
        bulkheads.enter("hangs");
        pass(Duration.ofMillis(5));
        bulkheads.leave("hangs");
        entered("hangs", 16);

        pass(Duration.ofMillis(101));

        assertThat(bulkheads.enter("hangs")).isPositive();
        assertThat(bulkheads.enter("other")).isZero();
    }

    @Test
    void whoFindsItsLaneFullComesAgainWhenThereWillBeAPlaceAndAMinuteLaterAtMost() {
        bulkheads.enter("other");
        bulkheads.enter("slow");
        pass(Duration.ofSeconds(16));
        bulkheads.leave("slow");
        entered("slow", 16);

        assertThat(bulkheads.enter("slow")).isEqualTo(Duration.ofSeconds(5));
        assertThat(bulkheads.enter("slow")).isEqualTo(Duration.ofSeconds(6));
        assertThat(bulkheads.enter("slow")).isEqualTo(Duration.ofSeconds(7));
        for (int i = 0; i < 100; i++) {
            bulkheads.enter("slow");
        }
        assertThat(bulkheads.enter("slow")).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aPauseOfAQuickLaneKeepsNobodyWaitingMuchLongerThanItLasts() {
        bulkheads.enter("other");
        bulkheads.enter("quick");
        pass(Duration.ofMillis(5));
        bulkheads.leave("quick");
        entered("quick", 16);
        pass(Duration.ofMillis(300));

        assertThat(bulkheads.enter("quick")).isEqualTo(Duration.ofMillis(300));
    }

    private int entered(String bulkhead, int tries) {
        return (int) IntStream.range(0, tries)
                .filter(_ -> bulkheads.enter(bulkhead).isZero())
                .count();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
