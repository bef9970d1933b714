package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import ums.channel.ErrorType;
import ums.channel.email.EmailSender;
import ums.channel.email.FailingEmailSender;
import ums.failure.Decision;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Owner;
import ums.message.Purpose;
import ums.message.Sender;
import ums.provider.Outcome;
import ums.provider.Reply;
import ums.queue.Orphans;

/** Messages of purpose COLLECTION contact a customer seven times in seven days at most. */
class ContactCountTest extends CollectionStory {

    @Test
    void theEighthInSevenDaysIsReviewedAndItsRetryIsCheckedAgain() throws Exception {
        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 7; i++) {
            collection("loan:1");
        }
        pollAndSettle(dispatcher);
        assertThat(provider.taken()).hasSize(7);

        clock.advance(Duration.ofDays(1));
        UUID eighth = collection("loan:1");
        pollAndSettle(dispatcher);

        Message reviewed = message(eighth);
        assertThat(reviewed.progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(reviewed.progress().lastError().type()).isEqualTo(ErrorType.POLICY);
        assertThat(reviewed.progress().attemptCount()).isZero();
        assertThat(messages.waiting(reviewed).text()).contains("7 contacts", "개인채무자보호법 16");
        assertThat(open(eighth).error().type()).isEqualTo(ErrorType.POLICY);

        retry(eighth);
        pollAndSettle(dispatcher);
        assertThat(message(eighth).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(provider.taken()).hasSize(7);

        clock.set(NOON.plus(Duration.ofHours(168)));
        retry(eighth);
        pollAndSettle(dispatcher);
        assertThat(message(eighth).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void eachReferenceOfEachClientHasSevenContacts() throws Exception {
        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 8; i++) {
            collection("loan:1");
            collection("loan:2");
        }
        UUID test = messages.accept(new NewMessage(
                        new Sender(CLIENT, true, Set.of()),
                        "email",
                        content("kim@example.com"),
                        options(Purpose.COLLECTION, "loan:1", OnUnknown.REVIEW),
                        null))
                .id();
        UUID others = messages.accept(new NewMessage(
                        new Sender("another", false, Set.of()),
                        "email",
                        content("kim@example.com"),
                        options(Purpose.COLLECTION, "loan:1", OnUnknown.REVIEW),
                        null))
                .id();
        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);

        assertThat(status("SENT")).isEqualTo(7 + 7 + 2);
        assertThat(status("MANUAL_REVIEW")).isEqualTo(2);
        assertThat(messages.find(new Owner(CLIENT, true), test)
                        .orElseThrow()
                        .progress()
                        .status())
                .isEqualTo(MessageStatus.SENT);
        assertThat(messages.find(new Owner("another", false), others)
                        .orElseThrow()
                        .progress()
                        .status())
                .isEqualTo(MessageStatus.SENT);
    }

    @Test
    void withoutAReferenceContactsCountByRecipient() throws Exception {
        for (int i = 0; i < 8; i++) {
            accept(Purpose.COLLECTION, null, OnUnknown.REVIEW, i % 2 == 0 ? "kim@example.com" : "Kim@Example.com");
        }
        accept(Purpose.COLLECTION, null, OnUnknown.REVIEW, "lee@example.com");

        pollAndSettle(dispatcher(provider));

        assertThat(status("SENT")).isEqualTo(8);
        assertThat(status("MANUAL_REVIEW")).isEqualTo(1);
    }

    @Test
    void anAttemptThatReachedNoRecipientDoesNotCountAndAnUnknownOutcomeCountsOnce() throws Exception {
        FailingEmailSender failing = new FailingEmailSender(new Outcome.Rejected("RCPT", new Reply(550, "no")));
        Dispatcher unlucky = dispatcher(failing);
        for (int i = 0; i < 7; i++) {
            collection("loan:1");
        }
        pollAndSettle(unlucky);
        assertThat(status("FAILED")).isEqualTo(7);
        assertThat(contacts()).isZero();

        failing.failWith(DEFERRED);
        UUID deferred = collection("loan:1");
        pollAndSettle(unlucky);
        assertThat(contacts()).isZero();

        // Three attempts at one message, each of which may have reached the customer.
        failing.failWith(UNKNOWN);
        UUID unknown = accept(Purpose.COLLECTION, "loan:1", OnUnknown.RETRY, "kim@example.com");
        pollAndSettle(unlucky);
        clock.set(message(unknown).progress().nextAttemptAt());
        pollAndSettle(unlucky);
        assertThat(contacts()).isEqualTo(2);
        failing.failWith(DEFERRED);
        clock.set(message(unknown).progress().nextAttemptAt());
        pollAndSettle(unlucky);
        assertThat(contacts()).isEqualTo(2);

        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 6; i++) {
            collection("loan:1");
        }
        pollAndSettle(dispatcher);
        assertThat(provider.taken()).hasSize(5);
        assertThat(message(deferred).progress().lastError().type()).isEqualTo(ErrorType.UNKNOWN_OUTCOME);
    }

    @Test
    void aMessageThatCountsAlreadyMayBeSentAgainBesideSixOthers() throws Exception {
        UUID unknown = collection("loan:1");
        pollAndSettle(dispatcher(new FailingEmailSender(UNKNOWN)));
        assertThat(message(unknown).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 6; i++) {
            collection("loan:1");
        }
        pollAndSettle(dispatcher);

        retry(unknown);
        pollAndSettle(dispatcher);

        assertThat(message(unknown).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(contacts()).isEqualTo(7);
        assertThat(jdbc.sql("select count(*) from contact").query(Integer.class).single())
                .isEqualTo(7);
    }

    @Test
    void aMessageThatAnAdminMarksAsSentCounts() throws Exception {
        for (int i = 0; i < 7; i++) {
            collection("loan:1");
        }
        Dispatcher dispatcher = dispatcher(provider);
        pollAndSettle(dispatcher);
        UUID eighth = collection("loan:1");
        pollAndSettle(dispatcher);

        failures.resolve(open(eighth).id(), Decision.MARK_SENT, "kim", "confirmed by telephone");

        assertThat(contacts()).isEqualTo(8);
    }

    @Test
    void ofManyAtOnceSevenAreSent() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        EmailSender slow = blocking(go, provider);
        for (int i = 0; i < 20; i++) {
            collection("loan:1");
        }
        Dispatcher one = dispatcher(slow);
        Dispatcher two = dispatcher(slow);

        one.poll();
        two.poll();
        // The attempts in flight hold all reservations, though none is sent yet, and no transaction is open.
        await().until(() -> status("MANUAL_REVIEW") == 13);
        assertThat(jdbc.sql("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and state like 'idle in transaction%'
                        """).query(Integer.class).single()).isZero();
        go.countDown();
        awaitSettled(one);
        awaitSettled(two);

        assertThat(provider.taken()).hasSize(7);
        assertThat(status("SENT")).isEqualTo(7);
    }

    @Test
    void aReservationOfADeadOwnerIsReleasedUnlessItsMessageMayBeSent() throws Exception {
        CountDownLatch die = new CountDownLatch(1);
        CountDownLatch finishing = new CountDownLatch(1);
        UUID[] sending = new UUID[1];
        Dispatcher dying = dispatcher(email -> {
            if (new String(email.bytes()).contains(sending[0].toString())) {
                email.commit().getAsBoolean();
                finishing.countDown();
            }
            awaitLatch(die);
            return new FailingEmailSender(new Outcome.CalledOff("dead")).send(email);
        });
        for (int i = 0; i < 6; i++) {
            collection("loan:1");
        }
        sending[0] = collection("loan:1");
        dying.poll();
        finishing.await();
        await().until(() -> jdbc.sql("select count(*) from contact where reserved_at is not null")
                        .query(Integer.class)
                        .single()
                == 7);

        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(7);

        assertThat(message(sending[0]).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(contacts()).isEqualTo(1);
        pollAndSettle(dispatcher(provider));
        assertThat(provider.taken()).hasSize(6);
        assertThat(contacts()).isEqualTo(7);
        die.countDown();
        awaitSettled(dying);
        assertThat(contacts()).isEqualTo(7);
    }

    @Test
    void aReservationWithoutAClaimBlocksNoContact() throws Exception {
        jdbc.sql("""
                        insert into contact (message_id, client, test, reference, reserved_at)
                        select gen_random_uuid(), :client, false, 'loan:1', now() from generate_series(1, 7)
                        """).param("client", CLIENT).update();
        UUID id = collection("loan:1");

        pollAndSettle(dispatcher(provider));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }
}
