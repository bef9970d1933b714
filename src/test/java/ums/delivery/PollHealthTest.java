package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the dispatcher's turns are too few to be called well. */
class PollHealthTest {

    private long now = 1;
    private final PollHealth turns = new PollHealth(() -> now);

    @Test
    void aWaitBetweenTwoTurnsIsNone() {
        turns.begin();
        turns.succeeded();
        later(600);

        assertThat(turns.without()).isZero();
        turns.begin();
        assertThat(turns.faltering()).isFalse();
        assertThat(turns.givenUp()).isFalse();
    }

    @Test
    void turnsThatFailFalterAtOnceAndAreGivenUpAfterHalfAMinute() {
        for (int i = 0; i < 29; i++) {
            turns.begin();
            turns.failed();
            assertThat(turns.faltering()).isTrue();
            later(1);
        }
        assertThat(turns.givenUp()).isFalse();

        later(1);
        assertThat(turns.givenUp()).isTrue();

        turns.succeeded();
        assertThat(turns.faltering()).isFalse();
        assertThat(turns.givenUp()).isFalse();
    }

    @Test
    void soDoesOneThatHangs() {
        turns.begin();
        later(6);
        assertThat(turns.faltering()).isTrue();
        later(24);
        assertThat(turns.givenUp()).isTrue();
    }

    private void later(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
