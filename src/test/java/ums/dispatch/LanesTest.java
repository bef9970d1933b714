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

        assertThat(lanes.enter("steady")).isTrue();
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

        assertThat(lanes.enter("hangs")).isFalse();
        assertThat(lanes.enter("other")).isTrue();
    }

    private int entered(String lane, int tries) {
        return (int) IntStream.range(0, tries).filter(_ -> lanes.enter(lane)).count();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
