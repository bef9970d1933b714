package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The memory that large contents may take, and the sequence in which they get it. */
class BodyBudgetTest {

    private static final long EACH = 100;
    private long now = 1;
    private final BodyBudget bodies = new BodyBudget(2_000, () -> now);

    @Test
    void anAttemptThatFitsStartsAtOnceAndTheOthersWait() {
        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isZero();
        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isZero();

        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isPositive();

        bodies.release(EACH);
        bodies.release(EACH);
        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void anAttemptLargerThanTheCapacityRunsAlone() {
        assertThat(bodies.acquire(UUID.randomUUID(), 1_000_000)).isZero();
        assertThat(bodies.acquire(UUID.randomUUID(), 1)).isPositive();

        bodies.release(1_000_000);

        assertThat(bodies.acquire(UUID.randomUUID(), 1)).isZero();
    }

    @Test
    void theMemoryThatTheNextAttemptNeedsIsKeptFree() {
        UUID large = UUID.randomUUID();
        bodies.acquire(UUID.randomUUID(), EACH);
        assertThat(bodies.acquire(large, 1_000_000)).isPositive();
        bodies.release(EACH);

        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isPositive();
        assertThat(bodies.acquire(large, 1_000_000)).isZero();

        bodies.release(1_000_000);
        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void anAttemptThatFitsBesideTheNextOneGoesFirst() {
        bodies.acquire(UUID.randomUUID(), EACH);
        bodies.acquire(UUID.randomUUID(), EACH);
        UUID next = UUID.randomUUID();
        assertThat(bodies.acquire(next, EACH)).isPositive();
        bodies.release(EACH);

        assertThat(bodies.acquire(UUID.randomUUID(), EACH / 2)).isZero();
        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isPositive();
        assertThat(bodies.acquire(next, EACH)).isZero();
    }

    @Test
    void aNextAttemptThatDoesNotComeBackLosesItsPosition() {
        bodies.acquire(UUID.randomUUID(), EACH);
        bodies.acquire(UUID.randomUUID(), 1_000_000);
        bodies.release(EACH);

        now += Duration.ofSeconds(5).toNanos();
        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isPositive();
        now += Duration.ofSeconds(1).toNanos();

        assertThat(bodies.acquire(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void theLongerAnAttemptLastsTheRarerAreTheTriesOfTheOthers() {
        UUID waiting = UUID.randomUUID();
        bodies.acquire(UUID.randomUUID(), 1_000_000);
        long start = now;

        for (int tries = 0; tries < 20; tries++) {
            now += bodies.acquire(waiting, 1_000_000).toNanos();
        }

        assertThat(Duration.ofNanos(now - start)).isGreaterThan(Duration.ofSeconds(60));
    }

    @Test
    void theWaitDoesNotCountAnAttemptThatIsOver() {
        bodies.acquire(UUID.randomUUID(), 1_000_000);
        now += Duration.ofSeconds(60).toNanos();
        bodies.release(1_000_000);

        bodies.acquire(UUID.randomUUID(), 1_000_000);

        assertThat(bodies.acquire(UUID.randomUUID(), 1_000_000)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void theOthersTryOneAfterTheOther() {
        bodies.acquire(UUID.randomUUID(), 1_000_000);
        bodies.acquire(UUID.randomUUID(), 1_000_000);
        now += Duration.ofSeconds(1).toNanos();

        Duration second = bodies.acquire(UUID.randomUUID(), 1_000_000);
        Duration third = bodies.acquire(UUID.randomUUID(), 1_000_000);

        assertThat(third).isGreaterThan(second);
    }
}
