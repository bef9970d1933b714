package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import ums.channel.email.EmailSender;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.Acceptance;
import ums.message.Accepted;
import ums.message.DirectClaims;
import ums.message.Idempotency;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;
import ums.provider.Outcome;
import ums.provider.Reply;
import ums.queue.Claimant;
import ums.queue.Orphans;
import ums.queue.Priority;

/** A process that keeps up with its queue claims entries on insert and sends them at once; all others wait in the queue. */
class DirectDispatchTest extends DispatchStory {

    private final NoopEmailSender provider = new NoopEmailSender();

    @Test
    void anAcceptedMessageIsSentWithoutAPoll() throws Exception {
        Dispatcher dispatcher = keepingUp(provider, 10);

        UUID id = accept();
        awaitSettled(dispatcher);

        Message sent = message(id);
        assertThat(sent.progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(sent.progress().attemptCount()).isEqualTo(1);
        assertThat(sent.progress().processingStartedAt()).isNotNull();
        assertThat(provider.taken()).hasSize(1);
        assertThat(outboxRows("published")).isEqualTo(1);
    }

    @Test
    void whileItIsSentItIsClaimedAsByAnyClaim() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        Dispatcher dispatcher = keepingUp(blocking(finish, provider), 10);

        UUID id = accept();

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.PROCESSING);
        assertThat(outboxRows("claimed_by = 'a test' and attempt_count = 1 and in_doubt"))
                .isEqualTo(1);
        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(1);
        finish.countDown();
        awaitSettled(dispatcher);
    }

    @Test
    void aMessageForReviewIsNotInDoubtByItsClaimAlone() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        Dispatcher dispatcher = keepingUp(blocking(finish, provider), 10);

        acceptForReview();

        assertThat(outboxRows("in_doubt")).isZero();
        finish.countDown();
        awaitSettled(dispatcher);
    }

    @Test
    void withoutAFreePermitItWaitsInTheQueueAndIsNotOvertaken() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        Dispatcher dispatcher = keepingUp(blocking(finish, provider), 1);
        accept();
        UUID waiting = accept();
        dispatcher.wake();
        assertThat(message(waiting).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        finish.countDown();
        awaitSettled(dispatcher);

        UUID later = accept();

        assertThat(message(later).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);
        assertThat(message(waiting).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(later).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void ofABatchTheFirstByPriorityAreSentAtOnce() throws Exception {
        Dispatcher dispatcher = keepingUp(provider, 2);

        List<Acceptance> accepted = messages.acceptAll(
                List.of(with(Priority.LOW), with(Priority.NORMAL), with(Priority.HIGH), with(Priority.LOW)));
        awaitSettled(dispatcher);

        assertThat(accepted)
                .map(it -> message(((Accepted) it).id()).progress().status())
                .containsExactly(
                        MessageStatus.ACCEPTED, MessageStatus.SENT, MessageStatus.SENT, MessageStatus.ACCEPTED);
    }

    @Test
    void aScheduledMessageWaits() throws Exception {
        keepingUp(provider, 10);

        UUID id = acceptFor(clock.instant().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        assertThat(outboxRows("claim_token is null and next_attempt_at is not null"))
                .isEqualTo(1);
    }

    @Test
    void insideACallersTransactionItWaitsForTheCommit() throws Exception {
        Dispatcher dispatcher = keepingUp(provider, 10);

        transaction.executeWithoutResult(status -> {
            accept();
            status.setRollbackOnly();
        });

        assertThat(dispatcher.inFlight()).isZero();
        assertThat(provider.taken()).isEmpty();
    }

    @Test
    void aReplayIsNotSentAndKeepsNoPermit() throws Exception {
        Dispatcher dispatcher = keepingUp(provider, 10);
        NewMessage keyed = new NewMessage(
                new Sender(CLIENT, false, Set.of()),
                "email",
                content("kim@example.com"),
                Options.NONE,
                new Idempotency("a key", new byte[32]));

        messages.accept(keyed);
        messages.accept(keyed);
        awaitSettled(dispatcher);

        assertThat(provider.taken()).hasSize(1);
    }

    @Test
    void aFailedAttemptIsRetriedThroughTheQueue() throws Exception {
        FailingEmailSender busy = new FailingEmailSender(new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Later")));
        Dispatcher dispatcher = keepingUp(busy, 10);

        UUID id = accept();
        awaitSettled(dispatcher);
        clock.advance(Duration.ofMinutes(1));
        pollAndSettle(dispatcher);

        assertThat(busy.attempts()).isEqualTo(2);
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
    }

    @Test
    void aClaimWhoseAnswerWasLostIsFoundByItsTokenAndSentOnce() throws Exception {
        Dispatcher dispatcher = keepingUp(provider, 10);
        DirectClaims real = new DirectDispatch(dispatcher, claims);
        directly.set(wanted -> new AnswerGetsLost(real.reserve(wanted)));

        assertThatThrownBy(this::accept).isInstanceOf(QueryTimeoutException.class);
        assertThat(dispatcher.inFlight()).isEqualTo(1);
        pollAndSettle(dispatcher);

        assertThat(provider.taken()).hasSize(1);
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void aProcessWithoutALeaseSendsNothingDirectly() throws Exception {
        Dispatcher dispatcher = keepingUp(provider, 10);
        isLeaseValid = false;

        accept();

        assertThat(dispatcher.inFlight()).isZero();
        assertThat(outboxRows("claim_token is not null")).isZero();
    }

    /** A dispatcher whose last poll found the queue empty. */
    private Dispatcher keepingUp(EmailSender sender, int permits) throws InterruptedException {
        Dispatcher dispatcher = dispatcher(sender, permits);
        pollAndSettle(dispatcher);
        directly.set(new DirectDispatch(dispatcher, claims));
        return dispatcher;
    }

    private static NewMessage with(Priority priority) {
        Options none = Options.NONE;
        return new NewMessage(
                new Sender(CLIENT, false, Set.of()),
                "email",
                content("kim@example.com"),
                new Options(null, none.tags(), none.purpose(), priority, null, null, null),
                null);
    }

    /** The statement is committed, and its answer lost. */
    private record AnswerGetsLost(DirectClaims.Reservation real) implements DirectClaims.Reservation {

        @Override
        public int size() {
            return real.size();
        }

        @Override
        public UUID token() {
            return real.token();
        }

        @Override
        public Claimant claimant() {
            return real.claimant();
        }

        @Override
        public void begin(List<DirectClaims.Claimed> claimed) {
            real.unanswered();
            throw new QueryTimeoutException("committed, and the answer was lost");
        }

        @Override
        public void cancel() {
            real.cancel();
        }

        @Override
        public void unanswered() {
            real.unanswered();
        }
    }
}
