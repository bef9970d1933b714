package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import ums.channel.Content;
import ums.channel.ErrorType;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;
import ums.channel.Reply;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.Message;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;
import ums.message.TimelineEvent;
import ums.queue.Orphans;

/** The path of a message behind the commit, each step taken by hand. */
class DispatchTest extends DispatchStory {

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
    void attemptsThatCostNothingFoldIntoOneEvent() throws Exception {
        AtomicReference<Outcome> trouble = new AtomicReference<>();
        Dispatcher dispatcher = dispatcher(email -> email.recipients().stream()
                .map(it -> new RecipientOutcome(it, trouble.get(), true))
                .toList());
        UUID id = accept();
        Outcome goodbye = new Outcome.Disconnected("MAIL", "421 later", new Reply(421, "later"));
        List<Instant> at = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            trouble.set(goodbye);
            at.add(clock.instant().truncatedTo(ChronoUnit.MILLIS));
            turn(dispatcher);
            clock.advance(Duration.ofMinutes(1));
        }
        trouble.set(new Outcome.Disconnected("CONNECT", "refused", null));
        turn(dispatcher);
        clock.advance(Duration.ofMinutes(1));

        List<TimelineEvent> timeline = messages.events(OWNER, id).orElseThrow();
        assertThat(timeline).extracting(TimelineEvent::type).containsExactly("accepted", "deferred", "deferred");
        assertThat(timeline.get(1))
                .isEqualTo(new TimelineEvent(
                        "deferred", at.get(0), 1, ErrorType.CONNECTION, "MAIL", 421, "421 later", 3, at.get(2)));
        assertThat(timeline.get(2).count()).isNull();
        assertThat(message(id).progress().attemptCount()).isZero();

        // Replies that differ every time come to an end too.
        for (int i = 0; i < 60; i++) {
            trouble.set(new Outcome.Disconnected("MAIL", "421 later, number " + i, new Reply(421, "later")));
            turn(dispatcher);
            clock.advance(Duration.ofMinutes(1));
        }
        timeline = messages.events(OWNER, id).orElseThrow();
        assertThat(timeline).hasSize(1 + 50);
        assertThat(timeline.getLast().reply()).isEqualTo("421 later, number 59");
        assertThat(timeline.getLast().count()).isEqualTo(13);
    }

    @Test
    void attemptsThatCountAreEventsOfTheirOwn() throws Exception {
        Dispatcher dispatcher =
                dispatcher(new FailingEmailSender(new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"))));
        UUID id = accept();
        turn(dispatcher);
        clock.advance(Duration.ofMinutes(1));
        turn(dispatcher);

        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::attempt)
                .containsExactly(null, 1, 2);
    }

    @Test
    void whileItIsSentItIsProcessingAndNoTransactionIsOpen() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();
        Dispatcher dispatcher = dispatcher(email -> {
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
        Dispatcher dispatcher = dispatcher(
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
        Dispatcher dispatcher =
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
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "deferred", "deferred", "review");
    }

    @Test
    void onlyWhoHasNotGotItIsNamedAgain() throws Exception {
        List<List<String>> named = new ArrayList<>();
        Outcome taken = new Outcome.Sent(new Reply(250, "taken"));
        Outcome later = new Outcome.Deferred("RCPT", new Reply(451, "later"));
        Dispatcher dispatcher = dispatcher(email -> {
            named.add(email.recipients().stream().map(Recipient::address).toList());
            return email.recipients().stream()
                    .map(it -> new RecipientOutcome(
                            it, it.address().startsWith("full@") && named.size() == 1 ? later : taken))
                    .toList();
        });
        UUID id = messages.accept(new NewMessage(
                        new Sender(CLIENT, false, Set.of()),
                        "email",
                        new Content(
                                null,
                                List.of("kim@example.com", "full@example.com"),
                                List.of(),
                                List.of(),
                                null,
                                "A subject",
                                "A text",
                                null,
                                Map.of()),
                        Options.NONE,
                        null))
                .id();

        turn(dispatcher);
        clock.set(message(id).progress().nextAttemptAt());
        turn(dispatcher);

        assertThat(named).containsExactly(List.of("kim@example.com", "full@example.com"), List.of("full@example.com"));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
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
        Dispatcher stuck = dispatcher(email -> {
            awaitLatch(finish);
            return new FailingEmailSender(new Outcome.Rejected("DATA", new Reply(550, "too late"))).send(email);
        });
        UUID id = accept();
        stuck.poll();

        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(1);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        turn(dispatcher(new NoopEmailSender()));
        finish.countDown();
        settled(stuck);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
        assertThat(events).contains(new ClaimLost("lost"));
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "reclaimed", "sent");
    }

    @Test
    void aMessageThatDiedInDoubtIsReviewedWhereItsOwnerWishesThatAndNotInDoubtGoesBackAtNoCost() throws Exception {
        CountDownLatch dies = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        UUID sending = acceptForReview();
        UUID waiting = acceptForReview();
        Dispatcher dying = dispatcher(email -> {
            if (email.bytes().length > 0 && new String(email.bytes()).contains(sending.toString())) {
                email.mayFinish().getAsBoolean();
                asked.countDown();
            }
            awaitLatch(dies);
            return new FailingEmailSender(new Outcome.CalledOff("dead")).send(email);
        });
        dying.poll();
        asked.await();

        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(2);

        assertThat(message(sending).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(sending).progress().lastError().type()).isEqualTo(ErrorType.UNKNOWN_OUTCOME);
        assertThat(message(sending).recipients())
                .extracting(it -> it.status().name())
                .containsExactly("UNKNOWN");
        assertThat(message(waiting).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(waiting).progress().attemptCount()).isZero();
        dies.countDown();
        settled(dying);
        assertThat(message(sending).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
    }

    @Test
    void whoWasGivenUpWritesNoFinalDot() throws Exception {
        UUID id = acceptForReview();
        CountDownLatch go = new CountDownLatch(1);
        boolean[] finished = {true};
        Dispatcher stopped = dispatcher(email -> {
            awaitLatch(go);
            finished[0] = email.mayFinish().getAsBoolean();
            return new FailingEmailSender(new Outcome.CalledOff("too late")).send(email);
        });
        stopped.poll();
        staleClaims().rescue(Orphans.ALL);

        go.countDown();
        settled(stopped);

        assertThat(finished[0]).isFalse();
        turn(dispatcher(new NoopEmailSender()));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aProcessThatIsNotHeardOfClaimsAndSendsNothing() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        Dispatcher dispatcher = dispatcher(provider);
        isLeaseValid = false;

        turn(dispatcher);
        assertThat(outboxRows("claim_token is not null")).isZero();

        isLeaseValid = true;
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aLateSuccessEndsAMessageThatWasGivenUp() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID reviewed = acceptForReview();
        Dispatcher slow = dispatcher(email -> {
            email.mayFinish().getAsBoolean();
            awaitLatch(finish);
            return provider.send(email);
        });
        slow.poll();
        await().until(() -> outboxRows("in_doubt") == 1);
        staleClaims().rescue(Orphans.ALL);
        assertThat(message(reviewed).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);

        finish.countDown();
        settled(slow);

        assertThat(message(reviewed).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(events)
                .filteredOn(LateSuccess.class::isInstance)
                .extracting(it -> ((LateSuccess) it).id())
                .contains(reviewed);
    }

    @Test
    void aLateSuccessWithdrawsTheNextAttempt() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();
        Dispatcher slow = dispatcher(email -> {
            awaitLatch(finish);
            return provider.send(email);
        });
        slow.poll();
        staleClaims().rescue(Orphans.ALL);

        finish.countDown();
        settled(slow);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(outboxRows("not published")).isZero();
    }

    @Test
    void whatExpiresOnItsWayIsNotFinished() throws Exception {
        Options none = Options.NONE;
        UUID id = accept(new Options(
                null,
                Map.of(),
                none.purpose(),
                none.priority(),
                null,
                clock.instant().plusSeconds(10),
                null));
        boolean[] finished = {true};

        turn(dispatcher(email -> {
            clock.advance(Duration.ofSeconds(11));
            finished[0] = email.mayFinish().getAsBoolean();
            return new FailingEmailSender(new Outcome.CalledOff("expired")).send(email);
        }));

        assertThat(finished[0]).isFalse();
        assertThat(message(id).progress().attemptCount()).isZero();
    }

    @Test
    void aServerInTroubleCostsAMessageNoAttempt() throws Exception {
        UUID id = accept();
        Dispatcher dispatcher = dispatcher(email -> email.recipients().stream()
                .map(it -> new RecipientOutcome(it, new Outcome.Disconnected("CONNECT", "refused", null), true))
                .toList());

        for (int i = 0; i < 5; i++) {
            turn(dispatcher);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.CONNECTION);
    }

    @Test
    void aClaimWhoseAnswerWasLostIsFoundAgain() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        Dispatcher dispatcher = dispatcher(provider, 10, settlement(), new UnansweredQueue(outbox));

        assertThatThrownBy(dispatcher::poll).isInstanceOf(QueryTimeoutException.class);
        turn(dispatcher);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void aSettlementWhoseAnswerWasLostIsNotTakenForALostClaim() throws Exception {
        UUID id = accept();
        TransactionOperations answersGetLost = firstAnswerGetsLost();

        turn(dispatcher(new NoopEmailSender(), 10, settlement(answersGetLost)));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(events).doesNotContain(new ClaimLost("lost"));
        assertThat(messages.events(OWNER, id).orElseThrow()).hasSize(2);
    }

    @Test
    void aKnownOutcomeIsKeptUntilTheDatabaseTakesIt() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        int[] faults = {3};
        TransactionOperations faulty = new TransactionOperations() {
            @Override
            public <T> T execute(TransactionCallback<T> action) {
                if (faults[0]-- > 0) {
                    throw new QueryTimeoutException("the database is away");
                }
                return transaction.execute(action);
            }
        };

        turn(dispatcher(provider, 10, settlement(faulty)));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(provider.taken()).hasSize(1);
    }

    @Test
    void aScheduledMessageIsSentWhenItsTimeHasComeAndTheLoopIsToldWhen() throws Exception {
        NoopEmailSender provider = new NoopEmailSender();
        Dispatcher dispatcher = dispatcher(provider);
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

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whatCannotBeRenderedFailsAndIsToldOfOnceWithoutItsContent(CapturedOutput output) throws Exception {
        UUID id = accept();
        jdbc.sql("""
                        update message_content
                        set summary = jsonb_set(summary::jsonb, '{subject}', to_jsonb('secret' || chr(10) || 'Bcc: x'))::text
                        """).update();

        turn(dispatcher(new NoopEmailSender()));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.FAILED);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.INVALID);
        assertThat(output).containsOnlyOnce("cannot be rendered").doesNotContain("secret");
    }

    /** Commits and cannot say so, once. */
    private TransactionOperations firstAnswerGetsLost() {
        AtomicBoolean lost = new AtomicBoolean();
        return new TransactionOperations() {
            @Override
            public <T> T execute(TransactionCallback<T> action) {
                T result = transaction.execute(action);
                if (lost.compareAndSet(false, true)) {
                    throw new QueryTimeoutException("committed, but who knows");
                }
                return result;
            }
        };
    }
}
