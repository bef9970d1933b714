package ums.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import ums.SettableClock;
import ums.clock.Clocks.Reading;

class ClockSkewTest {

    private final SettableClock wall = new SettableClock();
    private long nanos;
    private final Clocks clocks = new Clocks(() -> nanos, wall);
    private final ClockSkew skew = new ClockSkew(clocks);

    @Test
    void clocksThatWereNeverComparedNeitherAgreeNorDiffer() {
        assertThat(skew.skew()).isEmpty();
        assertThat(skew.agrees()).isFalse();
        assertThat(skew.differs()).isFalse();
    }

    @Test
    void clocksMoreThanFiveSecondsApartDiffer() {
        Reading now = clocks.read();

        skew.measured(now, now.wall().minusSeconds(5));
        assertThat(skew.agrees()).isTrue();
        skew.measured(now, now.wall().plusMillis(5_001));
        assertThat(skew.differs()).isTrue();
        assertThat(skew.skew()).hasValue(Duration.ofMillis(-5_001));
    }

    @Test
    void halfOfTheRoundTripIsUncertain() {
        Reading before = clocks.read();
        pass(Duration.ofSeconds(4));

        skew.measured(before, before.wall());
        assertThat(skew.skew()).hasValue(Duration.ZERO);
        skew.measured(before, before.wall().plusSeconds(4));
        assertThat(skew.skew()).hasValue(Duration.ZERO);
        skew.measured(before, before.wall().plusSeconds(10));
        assertThat(skew.skew()).hasValue(Duration.ofSeconds(-6));
        skew.measured(before, before.wall().minusSeconds(6));
        assertThat(skew.skew()).hasValue(Duration.ofSeconds(6));
    }

    @Test
    void aStepOfThisMachinesClockIsNoticedBeforeTheNextComparison() {
        Reading now = clocks.read();
        skew.measured(now, now.wall());
        pass(Duration.ofHours(2));
        assertThat(skew.skew()).hasValue(Duration.ZERO);

        wall.advance(Duration.ofHours(1));

        assertThat(skew.skew()).hasValue(Duration.ofHours(1));
        assertThat(skew.differs()).isTrue();
    }

    @Test
    void whileTheClocksDifferTheCorrectedOneGoesOnFromTheirLastAgreement() {
        Clock corrected = skew.corrected(wall);
        Instant agreed = wall.instant();
        skew.measured(clocks.read(), agreed.plusSeconds(4));
        assertThat(corrected.instant()).isEqualTo(agreed);
        pass(Duration.ofMinutes(1));

        skew.measured(clocks.read(), wall.instant().plusSeconds(3_600));
        assertThat(corrected.instant()).isEqualTo(agreed.plusSeconds(60));
        skew.measured(clocks.read(), wall.instant());
        wall.advance(Duration.ofHours(-1));
        assertThat(corrected.instant()).isEqualTo(agreed.plusSeconds(60));
    }

    @Test
    void ifTheClocksNeverAgreedTheCorrectedOneShowsTheDatabasesTime() {
        skew.measured(clocks.read(), wall.instant().plusSeconds(3_600));

        assertThat(skew.corrected(wall).instant()).isEqualTo(wall.instant().plusSeconds(3_600));
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        wall.advance(duration);
    }
}
