package ums.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.IllegalTransactionStateException;
import ums.QueueStory;

class QueueTest extends QueueStory {

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();

    private static final Claimant CLAIMANT = new Claimant("a test", false);

    @Autowired
    Queue queue;

    @Autowired
    ClaimRepository claims;

    @Test
    void entriesAreClaimedByPriorityAndThenByAge() {
        UUID low = append(Priority.LOW);
        UUID normal = append(Priority.NORMAL);
        UUID second = append(Priority.NORMAL);
        UUID high = append(Priority.HIGH);

        assertThat(claimByPriority(3)).extracting(Claim::aggregateId).containsExactly(high, normal, second);
        assertThat(claimByPriority(3)).extracting(Claim::aggregateId).containsExactly(low);
        assertThat(claimByPriority(3)).isEmpty();
    }

    @Test
    void aHighEntryOvertakesABacklogAndAStreamOfHighEntriesDoesNotStarveALowOne() {
        UUID low = append(Priority.LOW);
        List<UUID> claimed = new ArrayList<>();
        for (int i = 0; i < 16 && !claimed.contains(low); i++) {
            append(Priority.HIGH);
            UUID newest = append(Priority.HIGH);
            claim(1).forEach(it -> claimed.add(it.aggregateId()));
            assertThat(claimed).doesNotContain(newest);
        }
        assertThat(claimed).contains(low);

        IntStream.range(0, 100).forEach(_ -> append(Priority.LOW));
        jdbc.sql(
                        "update outbox set state = 'DONE', due_since = null, published_at = now() where priority = 0 and state = 'READY'")
                .update();
        UUID high = append(Priority.HIGH);
        assertThat(claim(2)).extracting(Claim::aggregateId).contains(high);
    }

    @Test
    void theShareOfTheOldestIsOneInSixteenHoweverManyAreClaimedAtOnce() {
        FairShare one = new FairShare();
        assertThat(IntStream.range(0, 160).map(_ -> one.of(1)).sum()).isEqualTo(10);
        FairShare two = new FairShare();
        assertThat(IntStream.range(0, 80).map(_ -> two.of(2)).sum()).isEqualTo(10);
        assertThat(new FairShare().of(64)).isEqualTo(4);
    }

    @Test
    void theOldestAreClaimedWhateverTheirPriorityAndTheClaimIsStillFull() {
        UUID low = append(Priority.LOW);
        UUID high = append(Priority.HIGH);
        UUID normal = append(Priority.NORMAL);
        IntStream.range(0, 200).forEach(_ -> append(Priority.HIGH));

        assertThat(claimOldest(3)).extracting(Claim::aggregateId).containsExactlyInAnyOrder(low, high, normal);
        assertThat(claim(64)).hasSize(64);
        assertThat(claim(64)).hasSize(64);
    }

    @Test
    void anExpiredEntryIsClaimedNeitherByPriorityNorByAge() {
        append(UUID.randomUUID(), Priority.HIGH, clock.instant());
        UUID alive = append(UUID.randomUUID(), Priority.LOW, clock.instant().plusSeconds(1));

        assertThat(claimByPriority(2)).extracting(Claim::aggregateId).containsExactly(alive);
        assertThat(claimOldest(3)).isEmpty();
    }

    @Test
    void aClaimedEntryIsNeitherWithdrawnNorExpired() {
        UUID claimed =
                append(UUID.randomUUID(), Priority.NORMAL, clock.instant().plusSeconds(1));
        claim(1);
        UUID waiting =
                append(UUID.randomUUID(), Priority.NORMAL, clock.instant().plusSeconds(1));
        clock.advance(Duration.ofSeconds(1));

        assertThat(withdraw(claimed)).isFalse();
        assertThat(expire()).containsExactly(waiting);
        assertThat(withdraw(waiting)).isFalse();
        assertThat(outboxRows("published")).isEqualTo(1);
    }

    @Test
    void concurrentClaimsDoNotOverlap() throws Exception {
        IntStream.range(0, 300).forEach(_ -> append(Priority.NORMAL));
        List<Long> claimed = Collections.synchronizedList(new ArrayList<>());

        try (ExecutorService claimers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                claimers.submit(() -> {
                    for (List<Claim> some = claim(7); !some.isEmpty(); some = claim(7)) {
                        some.forEach(it -> claimed.add(it.outboxId()));
                    }
                });
            }
        }

        assertThat(claimed).hasSize(300);
        assertThat(new HashSet<>(claimed)).hasSize(300);
    }

    @Test
    void aClaimIsSettledOnceAndOnlyUnderItsToken() {
        append(Priority.NORMAL);
        Claim claim = claim(1).getFirst();
        Claim forged = new Claim(
                claim.outboxId(),
                claim.aggregateId(),
                claim.channel(),
                UUID.randomUUID(),
                claim.attempt(),
                claim.at(),
                null);

        assertThat(publish(forged)).isFalse();
        assertThat(publish(claim)).isTrue();
        assertThat(publish(claim)).isFalse();
        assertThat(delay(claim, Instant.now())).isFalse();
        assertThat(outboxRows("published and published_at is not null and claim_token is null"))
                .isEqualTo(1);
    }

    @Test
    void ofALostAndAValidClaimOfOneEntryInOneBatchOnlyTheValidOneIsSettledOrInDoubt() {
        append(Priority.NORMAL);
        Claim lost = claim(1).getFirst();
        delay(takeOver(lost).getFirst(), clock.instant());
        queue.releaseDue(clock.instant(), 10);
        Claim valid = claim(1).getFirst();
        assertThat(valid.outboxId()).isEqualTo(lost.outboxId());

        assertThat(claims.markInDoubt(List.of(lost, valid))).containsExactly(valid);
        assertThat(queue.settle(List.of(ClaimResult.delayed(lost, clock.instant()), ClaimResult.published(valid))))
                .containsExactly(valid);
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(queue.settled(List.of(lost, valid))).containsExactly(valid);
    }

    @Test
    void aDelayedEntryIsClaimedForItsNextAttemptWhenItIsDue() {
        append(Priority.NORMAL);
        Instant due = clock.instant().plusSeconds(30).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        Claim first = claim(1).getFirst();
        delay(first, due);

        assertThat(queue.releaseDue(due.minusMillis(1), 10)).isEqualTo(due);
        assertThat(claim(1)).isEmpty();
        assertThat(queue.releaseDue(due, 10)).isNull();
        Claim second = claim(1).getFirst();

        assertThat(first.attempt()).isEqualTo(1);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.token()).isNotEqualTo(first.token());
    }

    @Test
    void aStaleClaimIsTakenOverAndItsOwnerCanNoLongerSettleIt() {
        jdbc.sql("insert into process (id, beat_at) values ('alive', now())").update();
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        Claim lost = claimAs("alive");
        claimAs("alive");
        Claim forged = new Claim(
                lost.outboxId(),
                lost.aggregateId(),
                lost.channel(),
                UUID.randomUUID(),
                lost.attempt(),
                lost.at(),
                null);

        assertThat(takeOver(forged)).isEmpty();
        Claim taken = takeOver(lost).getFirst();

        assertThat(taken.outboxId()).isEqualTo(lost.outboxId());
        assertThat(publish(lost)).isFalse();
        assertThat(queue.settled(List.of(lost))).isEmpty();
        assertThat(publish(taken)).isTrue();
        assertThat(outboxRows("claim_token is not null")).isEqualTo(1);
        jdbc.sql("delete from process").update();
    }

    @Test
    void claimsOlderThanTwoSecondsStandAndSoDoClaimsFromBeforeTheDatabasesClockWasSetBack() {
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        Claim old = claim(1).getFirst();
        age(Duration.ofSeconds(3));
        Claim young = claim(1).getFirst();
        Claim future = claim(1).getFirst();
        jdbc.sql("update outbox set processing_started_at = now() + interval '1 hour' where id = :id")
                .param("id", future.outboxId())
                .update();

        assertThat(queue.standing(10)).containsExactlyInAnyOrder(standing(old), standing(future));
        publish(future);
        age(Duration.ofSeconds(3));
        assertThat(queue.standing(1)).containsExactly(standing(old));
        assertThat(queue.standing(10)).containsExactly(standing(old), standing(young));
    }

    @Test
    void onlyTheClaimsOfDeadProcessesAreTakenOver() {
        jdbc.sql("insert into process (id, beat_at) values ('alive', now()), ('dead', now()), ('back', now())")
                .update();
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        claimAs("alive");
        Claim dead = claimAs("dead");
        claimAs("back");
        Claim gone = claimAs("gone");
        List<ProcessBeat> beats = jdbc.sql("select id, beat_at::text from process where id <> 'alive'")
                .query((row, _) -> new ProcessBeat(row.getString(1), row.getString(2)))
                .list();
        jdbc.sql("update process set beat_at = beat_at + interval '1 microsecond' where id = 'back'")
                .update();

        List<Queue.Abandoned> taken =
                transaction.execute(_ -> queue.takeOver(UUID.randomUUID(), new Orphans(beats, List.of()), 10));

        assertThat(taken)
                .extracting(it -> it.claim().outboxId())
                .containsExactlyInAnyOrder(dead.outboxId(), gone.outboxId());
        jdbc.sql("delete from process").update();
    }

    @Test
    void aClaimIsInDoubtFromTheStartUnlessItsUnknownOutcomeIsReviewedAndThenOnceItsOwnerMarksIt() {
        append(Priority.NORMAL);
        append(Priority.NORMAL);
        append(new NewEntry(
                UUID.randomUUID(), "email", NewEntry.FORM, Priority.NORMAL, clock.instant(), null, null, false));
        List<Claim> claims = queue.claim(UUID.randomUUID(), new Claimant("a test", true), 3);
        assertThat(queue.markInDoubt(claims.getFirst())).isTrue();

        List<Queue.Abandoned> taken = transaction.execute(_ -> queue.takeOver(UUID.randomUUID(), Orphans.ALL, 10));

        assertThat(taken).filteredOn(Queue.Abandoned::inDoubt).hasSize(2);
        assertThat(queue.markInDoubt(claims.getFirst())).isFalse();
    }

    @Test
    void aCallerThatLostTheAnswerToAClaimOrASettlementCanAskForIt() {
        append(Priority.NORMAL);
        UUID token = UUID.randomUUID();
        queue.claim(token, CLAIMANT, 5);

        Claim claim = queue.claimed(token).getFirst();
        assertThat(queue.settled(List.of(claim))).isEmpty();
        publish(claim);
        assertThat(queue.settled(List.of(claim))).containsExactly(claim);
        assertThat(queue.claimed(token)).isEmpty();
    }

    @Test
    void aReleasedClaimDoesNotCountAsAnAttempt() {
        append(Priority.NORMAL);
        Claim claim = claim(1).getFirst();

        queue.settle(List.of(ClaimResult.released(claim, clock.instant())));
        queue.releaseDue(clock.instant(), 10);

        assertThat(claim(1).getFirst().attempt()).isEqualTo(1);
    }

    @Test
    void aMessageHasOneOpenEntryUntilItIsDone() {
        UUID message = append(Priority.NORMAL);

        assertThat(queue.isOpen(message)).isTrue();
        assertThatThrownBy(() -> append(message, Priority.NORMAL)).isInstanceOf(DuplicateKeyException.class);
        publish(claim(1).getFirst());
        assertThat(queue.isOpen(message)).isFalse();
        append(message, Priority.NORMAL);
        assertThat(queue.isOpen(message)).isTrue();
    }

    @Test
    void appendingOutsideATransactionIsRefused() {
        assertThatThrownBy(() -> queue.append(List.of(new NewEntry(
                        UUID.randomUUID(), "email", NewEntry.FORM, Priority.HIGH, Instant.now(), null, null, null))))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    private UUID append(Priority priority) {
        return append(acceptedNow(), priority);
    }

    /** A UUIDv7, as a message's id is. */
    private UUID acceptedNow() {
        return ids.construct(clock.instant().toEpochMilli());
    }

    private UUID append(UUID message, Priority priority) {
        return append(new NewEntry(message, "email", NewEntry.FORM, priority, clock.instant(), null, null, null));
    }

    private UUID append(UUID message, Priority priority, Instant expiresAt) {
        return append(new NewEntry(message, "email", NewEntry.FORM, priority, clock.instant(), null, expiresAt, null));
    }

    private UUID append(NewEntry entry) {
        transaction.executeWithoutResult(_ -> queue.append(List.of(entry)));
        return entry.aggregateId();
    }

    private List<Claim> claimOldest(int max) {
        return claims.claimOldest("email", UUID.randomUUID(), CLAIMANT, max, clock.instant(), new long[3]).stream()
                .map(Ranked::claim)
                .toList();
    }

    private List<UUID> expire() {
        return transaction.execute(_ -> queue.expire(clock.instant(), 10)).stream()
                .map(Withdrawn::aggregateId)
                .toList();
    }

    private boolean withdraw(UUID message) {
        return transaction.execute(_ -> queue.withdraw(message)).isPresent();
    }

    private List<Claim> claimByPriority(int max) {
        return claims.claim("email", UUID.randomUUID(), CLAIMANT, max, clock.instant(), new long[3]).stream()
                .map(Ranked::claim)
                .toList();
    }

    private List<Claim> claim(int max) {
        return queue.claim(UUID.randomUUID(), CLAIMANT, max);
    }

    private Claim claimAs(String owner) {
        return queue.claim(UUID.randomUUID(), new Claimant(owner, false), 1).getFirst();
    }

    private boolean publish(Claim claim) {
        return !queue.settle(List.of(ClaimResult.published(claim))).isEmpty();
    }

    private boolean delay(Claim claim, Instant until) {
        return !queue.settle(List.of(ClaimResult.delayed(claim, until))).isEmpty();
    }

    private List<Claim> takeOver(Claim stale) {
        Orphans orphans = new Orphans(List.of(), List.of(standing(stale)));
        return transaction.execute(_ -> queue.takeOver(UUID.randomUUID(), orphans, 10)).stream()
                .map(Queue.Abandoned::claim)
                .toList();
    }

    private static StandingClaim standing(Claim claim) {
        return new StandingClaim(claim.outboxId(), claim.token());
    }
}
