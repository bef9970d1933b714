package ums.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.support.TransactionOperations;
import ums.QueueStory;
import ums.channel.ErrorType;
import ums.channel.Outcome;
import ums.channel.Reply;
import ums.channel.email.EmailChannel;
import ums.channel.email.EmailSender;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.Message;
import ums.message.MessageRepository;
import ums.message.MessageStatus;
import ums.message.OnUnknown;
import ums.message.TimelineEvent;
import ums.outbox.OutboxService;

/** The path of a message behind the commit, each step taken by hand. */
class DispatchTest extends QueueStory {

    private static final RetryProperties RETRY = new RetryProperties(3, Duration.ofSeconds(10), 3, Duration.ofHours(6));

    @Autowired
    OutboxService outbox;

    @Autowired
    MessageRepository repository;

    @Autowired
    ApplicationEventPublisher publisher;

    private final List<Object> events = Collections.synchronizedList(new ArrayList<>());
    private final List<OutboxDispatcher> dispatchers = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (OutboxDispatcher dispatcher : dispatchers) {
            dispatcher.drain(Duration.ofSeconds(5));
        }
    }

    @Test
    void aMessageIsClaimedSentAndSettled() throws Exception {
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();

        turn(dispatcher(provider));

        Message sent = message(id);
        assertThat(sent.progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(sent.progress().attemptCount()).isEqualTo(1);
        assertThat(sent.progress().sentAt()).isNotNull();
        assertThat(provider.taken()).hasSize(1);
        assertThat(outboxRows("published")).isEqualTo(1);
    }

    @Test
    void whileItIsSentItIsProcessingAndNoTransactionIsOpen() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();
        OutboxDispatcher dispatcher = dispatcher(email -> {
            sending.countDown();
            awaitLatch(finish);
            return provider.send(email);
        });

        dispatcher.poll();
        sending.await();

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.PROCESSING);
        assertThat(message(id).progress().processingStartedAt()).isNotNull();
        assertThat(jdbc.sql("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and state like 'idle in transaction%'
                        """).query(Integer.class).single()).isZero();
        finish.countDown();
        settled(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void noMoreIsClaimedThanThereArePermits() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        for (int i = 0; i < 5; i++) {
            accept();
        }
        OutboxDispatcher dispatcher = dispatcher(
                email -> {
                    awaitLatch(finish);
                    return provider.send(email);
                },
                2);

        assertThat(dispatcher.poll()).isZero();

        assertThat(outboxRows("claim_token is not null")).isEqualTo(2);
        assertThat(dispatcher.inFlight()).isEqualTo(2);
        finish.countDown();
        turn(dispatcher);
        turn(dispatcher);
        turn(dispatcher);
        assertThat(provider.taken()).hasSize(5);
    }

    @Test
    void aFailureIsTriedAgainLaterAndLaterAndThenLeftToAPerson() throws Exception {
        OutboxDispatcher dispatcher =
                dispatcher(new FailingEmailSender(new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"))));
        UUID id = accept();

        turn(dispatcher);
        Message once = message(id);
        assertThat(once.progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(once.progress().nextAttemptAt())
                .isBetween(clock.instant().plusMillis(7_500), clock.instant().plusMillis(12_500));
        assertThat(once.progress().lastError().type()).isEqualTo(ErrorType.DEFERRED);
        assertThat(once.progress().lastError().smtpCode()).isEqualTo(451);
        assertThat(once.progress().lastError().phase()).isEqualTo("RCPT");

        turn(dispatcher);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);

        clock.set(once.progress().nextAttemptAt());
        turn(dispatcher);
        Message twice = message(id);
        assertThat(twice.progress().attemptCount()).isEqualTo(2);
        assertThat(Duration.between(clock.instant(), twice.progress().nextAttemptAt()))
                .isBetween(Duration.ofMillis(22_400), Duration.ofMillis(37_600));

        clock.set(twice.progress().nextAttemptAt());
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(messages.events(CLIENT, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "deferred", "deferred", "review");
    }

    @Test
    void aMessageRefusedForGoodFails() throws Exception {
        UUID id = accept();

        turn(dispatcher(new FailingEmailSender(new Outcome.Rejected("RCPT", new Reply(550, "5.1.1 No such user")))));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.FAILED);
        assertThat(message(id).progress().lastError().message()).contains("550 5.1.1 No such user");
    }

    @Test
    void aStaleClaimIsSentAgainAndItsFirstOwnerNoLongerHasASay() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        OutboxDispatcher stuck = dispatcher(email -> {
            awaitLatch(finish);
            return new FailingEmailSender(new Outcome.Rejected("DATA", new Reply(550, "too late"))).send(email);
        });
        UUID id = accept();
        stuck.poll();
        age(Duration.ofMinutes(3));

        assertThat(staleClaims().takeBack(Duration.ofMinutes(2))).isEqualTo(1);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        turn(dispatcher(new NoopEmailSender()));
        finish.countDown();
        settled(stuck);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
        assertThat(events).contains(new ClaimLost("lost"));
        assertThat(messages.events(CLIENT, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "reclaimed", "sent");
    }

    @Test
    void aKnownOutcomeIsKeptUntilTheDatabaseTakesIt() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        int[] faults = {3};
        TransactionOperations faulty = new TransactionOperations() {
            @Override
            public <T> T execute(org.springframework.transaction.support.TransactionCallback<T> action) {
                if (faults[0]-- > 0) {
                    throw new QueryTimeoutException("the database is away");
                }
                return transaction.execute(action);
            }
        };

        turn(dispatcher(provider, 10, new Settlement(outbox, repository, faulty, events::add, clock)));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(provider.taken()).hasSize(1);
    }

    @Test
    void aScheduledMessageIsSentWhenItsTimeHasComeAndTheLoopIsToldWhen() throws Exception {
        NoopEmailSender provider = new NoopEmailSender();
        OutboxDispatcher dispatcher = dispatcher(provider);
        Instant at = clock.instant().plusSeconds(3).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        UUID id = acceptFor(at);

        assertThat(dispatcher.poll()).isBetween(Duration.ofMillis(2_990), Duration.ofSeconds(3));
        assertThat(provider.taken()).isEmpty();
        clock.set(at);
        turn(dispatcher);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void anOrderWhoseMessageMustNotBeSentIsDropped() throws Exception {
        UUID id = accept();
        jdbc.sql("update message set status = 'CANCELED' where id = :id")
                .param("id", id)
                .update();
        NoopEmailSender provider = new NoopEmailSender();

        turn(dispatcher(provider));

        assertThat(provider.taken()).isEmpty();
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(events).contains(new ClaimLost("status"));
    }

    private OutboxDispatcher dispatcher(EmailSender provider) {
        return dispatcher(provider, 10);
    }

    private OutboxDispatcher dispatcher(EmailSender provider, int permits) {
        return dispatcher(provider, permits, new Settlement(outbox, repository, transaction, events::add, clock));
    }

    private OutboxDispatcher dispatcher(EmailSender provider, int permits, Settlement settlement) {
        OutboxProcessor processor = new OutboxProcessor(
                Map.of("email", new EmailChannel(null, provider, provider)),
                OnUnknown.RETRY,
                new RetryPolicy(RETRY, () -> 0.5),
                settlement,
                () -> {},
                clock);
        OutboxDispatcher dispatcher = new OutboxDispatcher(
                outbox,
                repository,
                processor,
                transaction,
                events::add,
                clock,
                new DispatchProperties(permits, Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofSeconds(15)),
                "a test");
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    private StaleClaims staleClaims() {
        return new StaleClaims(outbox, repository, transaction, clock);
    }

    private static void turn(OutboxDispatcher dispatcher) throws InterruptedException {
        dispatcher.poll();
        settled(dispatcher);
    }

    private static void settled(OutboxDispatcher dispatcher) {
        await().until(() -> dispatcher.inFlight() == 0);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
