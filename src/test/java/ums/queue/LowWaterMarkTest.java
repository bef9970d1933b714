package ums.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.queue.LowWaterMark.Marks;

/** Entries below the low-water mark are found all the same. */
class LowWaterMarkTest extends QueueStory {

    private static final Claimant CLAIMANT = new Claimant("a test", false);

    private long nanos;
    private final LowWaterMark lowWaterMark = new LowWaterMark(() -> nanos);

    @Autowired
    ClaimRepository claims;

    @Autowired
    QueueRepository rows;

    /** Two slow full scans, as dead entries would make them: after these, claims begin behind the mark. */
    @BeforeEach
    void fullScansAreSlow() {
        for (int i = 0; i < 2; i++) {
            lowWaterMark.scan(_ -> {
                pass(Duration.ofMillis(360));
                return 0;
            });
        }
    }

    @Test
    void theMarkFollowsTheClaimsAfterHalfASecondAtTheEarliest() {
        lowWaterMark.marks();
        lowWaterMark.claimed(1, 100);
        pass(Duration.ofMillis(499));
        assertThat(lowWaterMark.marks().byPriority()).containsExactly(0, 0, 0);
        pass(Duration.ofMillis(1));
        assertThat(lowWaterMark.marks().byPriority()).containsExactly(0, 0, 0);
        lowWaterMark.claimed(1, 200);
        pass(Duration.ofMillis(500));
        assertThat(lowWaterMark.marks().byPriority()).containsExactly(0, 99, 0);
        pass(Duration.ofMillis(500));
        assertThat(lowWaterMark.marks().byPriority()).containsExactly(0, 199, 0);
    }

    @Test
    void anEntryWithAnIdBelowTheMarkThatIsCommittedLaterIsClaimedByAFullScan() {
        accept();
        UUID late = accept();
        accept();
        long last = claim(3).getLast().outboxId();
        lowWaterMark.claimed(1, last);
        pass(Duration.ofSeconds(2));
        lowWaterMark.marks();
        pass(Duration.ofSeconds(2));
        // As if the entry were committed only now.
        jdbc.sql("""
                        update outbox set state = 'READY', processing_started_at = null, claim_token = null where aggregate_id = :late
                        """).param("late", late).update();

        assertThat(claim(3)).isEmpty();
        pass(Duration.ofSeconds(14));
        assertThat(claim(3)).extracting(Claim::aggregateId).containsExactly(late);
    }

    @Test
    void aRetryAndAScheduledMessageBelowTheMarkAreClaimedWhenTheyAreDue() {
        UUID retried = accept();
        Instant later = clock.instant().plusSeconds(60);
        UUID scheduled = acceptFor(later);
        accept();
        List<Claim> first = claim(3);
        claims.settle(List.of(ClaimResult.delayed(first.getFirst(), later)));
        lowWaterMark.claimed(1, first.getLast().outboxId());
        pass(Duration.ofSeconds(2));
        lowWaterMark.marks();
        pass(Duration.ofSeconds(2));
        assertThat(lowWaterMark.marks().byPriority()[1])
                .isGreaterThan(first.getFirst().outboxId());

        clock.set(later);
        rows.releaseDue(later, 10).forEach(it -> lowWaterMark.readyAgain(it.priority(), it.id()));

        assertThat(claim(3)).extracting(Claim::aggregateId).containsExactlyInAnyOrder(retried, scheduled);
    }

    @Test
    void theMarkIsLoweredToAnEntryFoundBelowItSoThatTheOthersAreClaimedToo() {
        for (int i = 0; i < 5; i++) {
            accept();
        }
        List<Claim> first = claim(5);
        lowWaterMark.claimed(1, first.getLast().outboxId());
        pass(Duration.ofSeconds(2));
        lowWaterMark.marks();
        pass(Duration.ofSeconds(2));
        lowWaterMark.marks();
        jdbc.sql("update outbox set state = 'READY', processing_started_at = null, claim_token = null")
                .update();

        lowWaterMark.claimed(1, first.getFirst().outboxId());

        assertThat(claim(5)).hasSize(5);
    }

    @Test
    void aFullScanIsMadeAfterTwentySecondsHoweverLongTheLastOnesTook() {
        LowWaterMark slow = new LowWaterMark(() -> nanos);
        for (int i = 0; i < 2; i++) {
            slow.scan(_ -> {
                pass(Duration.ofMinutes(1));
                return 0;
            });
        }
        pass(Duration.ofMillis(19_999));
        assertThat(slow.marks().full()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(slow.marks().full()).isTrue();
    }

    @Test
    void whileFullScansAreQuickEveryClaimMakesOneAndOneInTwentySecondsReachesAllPriorities() {
        LowWaterMark quick = new LowWaterMark(() -> nanos);
        pass(Duration.ofSeconds(20));
        assertThat(quick.marks()).extracting(Marks::full, Marks::allPriorities).containsExactly(true, true);
        assertThat(quick.marks()).extracting(Marks::full, Marks::allPriorities).containsExactly(true, false);
        pass(Duration.ofSeconds(20));
        assertThat(quick.marks()).extracting(Marks::full, Marks::allPriorities).containsExactly(true, true);
    }

    private List<Claim> claim(int max) {
        return claims
                .claim(
                        "email",
                        UUID.randomUUID(),
                        CLAIMANT,
                        max,
                        clock.instant(),
                        lowWaterMark.marks().byPriority())
                .stream()
                .map(Ranked::claim)
                .toList();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
