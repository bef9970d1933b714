package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;
import ums.QueueStory;
import ums.message.MessageEvents.MessageEnded;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Claimant;
import ums.queue.Queue;

@RecordApplicationEvents
class CancelTest extends QueueStory {

    @Autowired
    Queue outbox;

    @Autowired
    MessageRepository repository;

    @Autowired
    ApplicationEvents published;

    @Test
    void aMessageThatWaitsIsCanceledAndNeverClaimed() {
        UUID id = acceptFor(clock.instant().plusSeconds(60));

        Message canceled = messages.cancel(OWNER, id).orElseThrow();

        assertThat(canceled.progress().status()).isEqualTo(MessageStatus.CANCELED);
        assertThat(canceled.progress().nextAttemptAt()).isNull();
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "canceled");
        assertThat(published.stream(MessageEnded.class)).singleElement().satisfies(it -> {
            assertThat(it.subject().messageId()).isEqualTo(id);
            assertThat(it.status()).isEqualTo(MessageStatus.CANCELED);
            assertThat(it.subject().client()).isEqualTo(CLIENT);
            assertThat(outboxRows("id = " + it.subject().outboxId())).isEqualTo(1);
        });
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(claim()).isEmpty();
    }

    @Test
    void aMessageThatWaitsForItsNextAttemptIsCanceledToo() {
        UUID id = accept();
        Instant later = clock.instant().plusSeconds(60);
        Claim claim = claim().getFirst();
        outbox.settle(List.of(ClaimResult.delayed(claim, later)));
        repository.settle(List.of(new MessageUpdate(
                id,
                MessageStatus.RETRY,
                clock.instant(),
                message(id).recipients(),
                null,
                later,
                TimelineEvent.of("deferred", clock.instant(), 1),
                claim.at(),
                true)));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);

        assertThat(messages.cancel(OWNER, id).orElseThrow().progress().status()).isEqualTo(MessageStatus.CANCELED);
    }

    @Test
    void whatIsBeingSentOrHasEndedIsNotCanceled() {
        UUID id = accept();
        Claim claim = claim().getFirst();
        refused(id, MessageStatus.PROCESSING);
        assertThat(outboxRows("claim_token = '" + claim.token() + "'")).isEqualTo(1);

        UUID canceled = accept();
        messages.cancel(OWNER, canceled);
        refused(canceled, MessageStatus.CANCELED);
        assertThat(messages.events(OWNER, canceled).orElseThrow()).hasSize(2);
    }

    @Test
    void anothersMessageIsNotThere() {
        UUID id = accept();

        assertThat(messages.cancel(new Owner("another", false), id)).isEmpty();
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
    }

    @Test
    void ofACancelAndAClaimAtTheSameMomentExactlyOneWins() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 60; round++) {
                UUID id = accept();
                CyclicBarrier start = new CyclicBarrier(2);
                // Sometimes the one, sometimes the other has a head start; who wins is the machine's business.
                long head = (round % 12 - 6) * 150_000L;
                Callable<Boolean> cancel = () -> {
                    start.await();
                    LockSupport.parkNanos(Math.max(head, 0));
                    try {
                        return messages.cancel(OWNER, id).isPresent();
                    } catch (NotCancelableException e) {
                        assertThat(e.status()).isEqualTo(MessageStatus.PROCESSING);
                        return false;
                    }
                };
                Callable<Boolean> claim = () -> {
                    start.await();
                    LockSupport.parkNanos(Math.max(-head, 0));
                    return !claim().isEmpty();
                };
                Future<Boolean> wasCanceled = both.submit(cancel);
                Future<Boolean> wasClaimed = both.submit(claim);

                assertThat(wasCanceled.get()).isNotEqualTo(wasClaimed.get());
                assertThat(message(id).progress().status())
                        .isEqualTo(wasCanceled.get() ? MessageStatus.CANCELED : MessageStatus.PROCESSING);
            }
        }
    }

    private void refused(UUID id, MessageStatus status) {
        assertThatThrownBy(() -> messages.cancel(OWNER, id))
                .isInstanceOfSatisfying(
                        NotCancelableException.class,
                        it -> assertThat(it.status()).isEqualTo(status));
    }

    private List<Claim> claim() {
        return outbox.claim(UUID.randomUUID(), new Claimant("a test", false), 1);
    }
}
