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
    }

    @Test
    void aNextOneThatStaysAwayIsNotWaitedForLong() {
        bodies.enter(UUID.randomUUID(), EACH);
        bodies.enter(UUID.randomUUID(), 1_000_000);
        bodies.leave(EACH);

        now += Duration.ofSeconds(6).toNanos();

        assertThat(bodies.enter(UUID.randomUUID(), EACH)).isZero();
    }

    @Test
    void whileAnAttemptLastsTheOthersAskEverMoreRarely() {
        UUID waiting = UUID.randomUUID();
        bodies.enter(UUID.randomUUID(), 1_000_000);
        int asked = 0;
        long begun = now;

        while (now - begun < Duration.ofSeconds(60).toNanos()) {
            now += bodies.enter(waiting, 1_000_000).toNanos();
            asked++;
        }

        assertThat(asked).isLessThan(20);
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
