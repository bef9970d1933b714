package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the dispatcher's polls are healthy. */
class PollHealthTest {

    private long now = 1;
    private final PollHealth polls = new PollHealth(() -> now);

    @Test
    void aWaitBetweenTwoPollsIsHealthy() {
        polls.begin();
        polls.succeeded();
        later(600);

        assertThat(polls.withoutSuccess()).isZero();
        polls.begin();
        assertThat(polls.isFaltering()).isFalse();
        assertThat(polls.isDown()).isFalse();
    }

    @Test
    void failingPollsFalterAtOnceAndAreDownAfterHalfAMinute() {
        for (int i = 0; i < 29; i++) {
            polls.begin();
            polls.failed();
            assertThat(polls.isFaltering()).isTrue();
            later(1);
        }
        assertThat(polls.isDown()).isFalse();

        later(1);
        assertThat(polls.isDown()).isTrue();

        polls.succeeded();
        assertThat(polls.isFaltering()).isFalse();
        assertThat(polls.isDown()).isFalse();
    }

    @Test
    void aPollThatHangsFaltersAndIsDownToo() {
        polls.begin();
        later(6);
        assertThat(polls.isFaltering()).isTrue();
        later(24);
        assertThat(polls.isDown()).isTrue();
    }

    private void later(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
