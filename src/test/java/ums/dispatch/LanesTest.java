package ums.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {

    private long nanos;
    private final Lanes lanes = new Lanes(64, () -> nanos);

    @Test
    void aLaneOfWhichNothingIsKnownGetsItsShareWhereItWouldKeepOthersWaiting() {
        lanes.enter("quick");

        assertThat(entered("new", 64)).isEqualTo(16);
    }

    @Test
    void aloneItGetsAll() {
        assertThat(entered("only", 64)).isEqualTo(64);
    }

    @Test
    void aQuickLaneIsNotCapped() {
        lanes.enter("other");
        lanes.enter("quick");
        pass(Duration.ofMillis(5));
        lanes.leave("quick");

        assertThat(entered("quick", 40)).isEqualTo(40);
    }

    @Test
    void aSlowButSteadyLaneIsNotCappedBelowFiveSeconds() {
        lanes.enter("other");
        lanes.enter("steady");
        pass(Duration.ofSeconds(3));
        lanes.leave("steady");
        entered("steady", 16);
        pass(Duration.ofMillis(4_900));

        assertThat(lanes.enter("steady")).isZero();
    }

    @Test
    void aLaneThatTakesOverFiveSecondsIsCappedUntilItIsQuickAgain() {
        lanes.enter("other");
        lanes.enter("slow");
        pass(Duration.ofSeconds(20));
        lanes.leave("slow");
        assertThat(entered("slow", 30)).isEqualTo(16);

        for (int i = 0; i < 16; i++) {
            lanes.leave("slow");
        }
        assertThat(entered("slow", 30)).isEqualTo(30);
    }

    @Test
    void aQuickLaneThatBeginsToHangIsCappedSoon() {
        lanes.enter("other");
        lanes.enter("hangs");
        pass(Duration.ofMillis(5));
        lanes.leave("hangs");
        entered("hangs", 16);

        pass(Duration.ofMillis(101));

        assertThat(lanes.enter("hangs")).isPositive();
        assertThat(lanes.enter("other")).isZero();
    }

    @Test
    void whoFindsItsLaneFullComesAgainWhenThereWillBeAPlaceAndAMinuteLaterAtMost() {
        lanes.enter("other");
        lanes.enter("slow");
        pass(Duration.ofSeconds(16));
        lanes.leave("slow");
        entered("slow", 16);

        assertThat(lanes.enter("slow")).isEqualTo(Duration.ofSeconds(5));
        assertThat(lanes.enter("slow")).isEqualTo(Duration.ofSeconds(6));
        assertThat(lanes.enter("slow")).isEqualTo(Duration.ofSeconds(7));
        for (int i = 0; i < 100; i++) {
            lanes.enter("slow");
        }
        assertThat(lanes.enter("slow")).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aPauseOfAQuickLaneKeepsNobodyWaitingMuchLongerThanItLasts() {
        lanes.enter("other");
        lanes.enter("quick");
        pass(Duration.ofMillis(5));
        lanes.leave("quick");
        entered("quick", 16);
        pass(Duration.ofMillis(300));

        assertThat(lanes.enter("quick")).isEqualTo(Duration.ofMillis(300));
    }

    private int entered(String lane, int tries) {
        return (int) IntStream.range(0, tries)
                .filter(_ -> lanes.enter(lane).isZero())
                .count();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
