package ums.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;

class RateLimiterTest extends QueueStory {

    private final String channel = UUID.randomUUID().toString();

    @Autowired
    RateLimiter limiter;

    @Test
    void theBucketHoldsTheTokensOfOneSecond() {
        assertThat(limiter.acquire(channel, 0.001, 5)).isEqualTo(1);
        assertThat(limiter.acquire(channel, 0.001, 5)).isZero();

        String another = UUID.randomUUID().toString();
        assertThat(limiter.acquire(another, 10, 100)).isEqualTo(10);
        pass(another, 3_600_000);
        assertThat(limiter.acquire(another, 10, 100)).isEqualTo(10);
    }

    @Test
    void theBucketFillsWithTime() {
        limiter.acquire(channel, 10, 100);

        pass(channel, 301);

        assertThat(limiter.acquire(channel, 10, 100)).isBetween(3, 4);
    }

    @Test
    void tokensThatWereReturnedCanBeAcquiredAgain() {
        limiter.acquire(channel, 10, 10);

        limiter.charge(channel, 10, -4);

        assertThat(limiter.acquire(channel, 10, 10)).isBetween(4, 5);
    }

    @Test
    void aDebtIsPaidBeforeThereAreTokensAgain() {
        limiter.acquire(channel, 10, 1);
        limiter.charge(channel, 10, 99);

        pass(channel, 8_500);
        assertThat(limiter.acquire(channel, 10, 10)).isZero();

        pass(channel, 1_000);
        assertThat(limiter.acquire(channel, 10, 10)).isBetween(5, 9);
    }

    @Test
    void theDebtOfASlowAccountIsNotTakenForAClockThatWasSetBack() {
        limiter.acquire(channel, 0.1, 1);
        limiter.charge(channel, 0.1, 99);

        pass(channel, 600_000);
        assertThat(limiter.acquire(channel, 0.1, 1)).isZero();
        pass(channel, 11_000);
        assertThat(limiter.acquire(channel, 0.1, 1)).isZero();
        pass(channel, 400_000);
        assertThat(limiter.acquire(channel, 0.1, 1)).isEqualTo(1);
    }

    @Test
    void theBucketIsResetAfterTheDatabasesClockWasSetBack() {
        limiter.acquire(channel, 10, 100);
        pass(channel, -3_600_000);

        assertThat(limiter.acquire(channel, 10, 100)).isZero();
        pass(channel, 301);

        assertThat(limiter.acquire(channel, 10, 100)).isBetween(3, 10);
    }

    @Test
    void aRateBelowOneASecondIsKept() {
        assertThat(limiter.acquire(channel, 0.3, 5)).isEqualTo(1);
        pass(channel, 60_000);
        assertThat(limiter.acquire(channel, 0.3, 5)).isEqualTo(1);
    }

    private void pass(String channel, int millis) {
        jdbc.sql(
                        "update rate_limit set spent_until = spent_until - :millis * interval '1 millisecond' where provider = :channel")
                .param("millis", millis)
                .param("channel", channel)
                .update();
    }
}
