package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What large contents may take of the memory, and who is next. */
class BodyBudgetTest {

    private static final long EACH = 100;
    private long now = 1;
    private final BodyBudget bodies = new BodyBudget(2_000, () -> now);

    @Test
    void whatFitsGoesAtOnceAndTheRestIsToldToWait() {
        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isZero();
        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isZero();

        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isPositive();

        bodies.leave(EACH);
        bodies.leave(EACH);
        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void oneLargerThanEverythingGoesAlone() {
        assertThat(bodies.enter(UUID.randomUUID(), 1_000_000)).isZero();
        assertThat(bodies.enter(UUID.randomUUID(), 1)).isPositive();

        bodies.leave(1_000_000);

        assertThat(bodies.enter(UUID.randomUUID(), 1)).isZero();
    }

    @Test
    void nobodyTakesWhatTheNextOneNeeds() {
        UUID large = UUID.randomUUID();
        bodies.enter(UUID.randomUUID(), EACH);
        assertThat(bodies.enter(large, 1_000_000)).isPositive();
        bodies.leave(EACH);

        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isPositive();
        assertThat(bodies.enter(large, 1_000_000)).isZero();

        bodies.leave(1_000_000);
        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void whoFitsBesideTheNextOneGoesAndLeavesItTheNext() {
        bodies.enter(UUID.randomUUID(), EACH);
        bodies.enter(UUID.randomUUID(), EACH);
        UUID next = UUID.randomUUID();
        assertThat(bodies.enter(next, EACH)).isPositive();
        bodies.leave(EACH);

        assertThat(bodies.enter(UUID.randomUUID(), EACH / 2)).isZero();
        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isPositive();
        assertThat(bodies.enter(next, EACH)).isZero();
    }

    @Test
    void aNextOneThatStaysAwayIsNotWaitedForLong() {
        bodies.enter(UUID.randomUUID(), EACH);
        bodies.enter(UUID.randomUUID(), 1_000_000);
        bodies.leave(EACH);

        now += Duration.ofSeconds(5).toNanos();
        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isPositive();
        now += Duration.ofSeconds(1).toNanos();

        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void whileAnAttemptLastsTheOthersAskEverMoreRarely() {
        UUID waiting = UUID.randomUUID();
        bodies.enter(UUID.randomUUID(), 1_000_000);
        long begun = now;

        for (int asked = 0; asked < 20; asked++) {
            now += bodies.enter(waiting, 1_000_000).toNanos();
        }

        assertThat(Duration.ofNanos(now - begun)).isGreaterThan(Duration.ofSeconds(60));
    }

    @Test
    void howLongAnAttemptTookThatIsOverMakesNobodyWait() {
        bodies.enter(UUID.randomUUID(), 1_000_000);
        now += Duration.ofSeconds(60).toNanos();
        bodies.leave(1_000_000);

        bodies.enter(UUID.randomUUID(), 1_000_000);

        assertThat(bodies.enter(UUID.randomUUID(), 1_000_000)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void thoseBehindAreToldToComeOneAfterTheOther() {
        bodies.enter(UUID.randomUUID(), 1_000_000);
        bodies.enter(UUID.randomUUID(), 1_000_000);
        now += Duration.ofSeconds(1).toNanos();

        Duration second = bodies.enter(UUID.randomUUID(), 1_000_000);
        Duration third = bodies.enter(UUID.randomUUID(), 1_000_000);

        assertThat(third).isGreaterThan(second);
    }
}
