package ums.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.TUESDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import ums.channel.Content;
import ums.channel.ErrorType;
import ums.channel.Outcome;
import ums.channel.Reply;
import ums.channel.email.EmailSender;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.contact.BlockedHours;
import ums.contact.ContactPreference;
import ums.contact.ContactPreferences;
import ums.failure.Decision;
import ums.failure.FailureFilter;
import ums.failure.Failures;
import ums.failure.SendFailure;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Owner;
import ums.message.Purpose;
import ums.message.Sender;
import ums.message.SendingRule;
import ums.message.TimelineEvent;
import ums.message.Waiting;
import ums.queue.Orphans;
import ums.queue.Priority;

/** Messages of purpose COLLECTION go when, how often and by what the law lets them; 2026-11-30 is a Monday. */
class CollectionTest extends DispatchStory {

    private static final Instant NOON = korea("2026-11-30T12:00:00");
    private static final Outcome DEFERRED = new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"));
    private static final Outcome UNKNOWN = new Outcome.Unknown(".", "the connection was lost");

    @Autowired
    SendingRule rule;

    @Autowired
    ContactPreferences preferences;

    @Autowired
    Failures failures;

    private final NoopEmailSender provider = new NoopEmailSender();

    @BeforeEach
    void noonAndNothingBefore() {
        jdbc.sql("truncate contact, contact_preference, send_failure").update();
        clock.set(NOON);
    }

    @Test
    void atNightItWaitsForTheMorningAtNoAttempt() throws Exception {
        clock.set(korea("2026-11-30T21:00:00"));
        UUID id = collection("loan:1");
        Dispatcher dispatcher = dispatcher(provider);

        turn(dispatcher);

        Message waits = message(id);
        assertThat(waits.progress().attemptCount()).isZero();
        assertThat(waits.progress().nextAttemptAt()).isEqualTo(korea("2026-12-01T08:00:00"));
        Waiting waiting = messages.waiting(waits);
        assertThat(waiting).isNotNull();
        assertThat(waiting.reason()).isEqualTo(Waiting.Reason.POLICY);
        assertThat(waiting.until()).isEqualTo(korea("2026-12-01T08:00:00"));
        assertThat(waiting.text()).contains("21:00", "08:00", "채권추심법 9");
        assertThat(messages.events(OWNER, id).orElseThrow().getLast().errorType())
                .isEqualTo(ErrorType.POLICY);

        clock.set(korea("2026-12-01T07:59:59"));
        turn(dispatcher);
        assertThat(provider.taken()).isEmpty();

        clock.set(korea("2026-12-01T08:00:00"));
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        // It was ready when it was accepted; that a rule held it back is no part of the mail.
        assertThat(new String(provider.taken().getFirst().bytes(), UTF_8))
                .contains("Date: Mon, 30 Nov 2026 12:00:00 +0000");
    }

    @Test
    void whatIsClaimedAsItIsAcceptedIsHeldToTheRulesToo() throws Exception {
        Dispatcher dispatcher = dispatcher(provider);
        turn(dispatcher);
        directly.set(new DirectDispatch(dispatcher, claims));
        for (int i = 0; i < 8; i++) {
            collection("loan:1");
        }
        settled(dispatcher);
        assertThat(provider.taken()).hasSize(7);
        assertThat(status("MANUAL_REVIEW")).isEqualTo(1);

        clock.set(korea("2026-11-30T21:00:00"));
        UUID id = collection("loan:2");
        settled(dispatcher);

        assertThat(message(id).progress().nextAttemptAt()).isEqualTo(korea("2026-12-01T08:00:00"));
        assertThat(provider.taken()).hasSize(7);
        clock.set(korea("2026-12-01T08:00:00"));
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @ParameterizedTest
    @EnumSource(
            value = Purpose.class,
            names = {"NORMAL", "LEGAL_NOTICE"})
    void othersGoAtNightToo(Purpose purpose) throws Exception {
        clock.set(korea("2026-11-30T23:00:00"));
        UUID id = accept(purpose, "loan:1", OnUnknown.REVIEW, "kim@example.com");

        turn(dispatcher(provider));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(contacts()).isZero();
    }

    @Test
    void aRetryThatFallsIntoTheNightWaitsForTheMorning() throws Exception {
        clock.set(korea("2026-11-30T20:59:55"));
        FailingEmailSender failing = new FailingEmailSender(DEFERRED);
        UUID id = collection("loan:1");
        turn(dispatcher(failing));
        Instant retry = message(id).progress().nextAttemptAt();
        assertThat(retry).isAfter(korea("2026-11-30T21:00:00"));

        clock.set(retry);
        Dispatcher dispatcher = dispatcher(provider);
        turn(dispatcher);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(messages.waiting(message(id)).until()).isEqualTo(korea("2026-12-01T08:00:00"));

        clock.set(korea("2026-12-01T08:00:00"));
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "deferred", "deferred", "sent");
    }

    @Test
    void whatIsStillOnItsWayWhenTheNightBeginsIsCalledOff() throws Exception {
        clock.set(korea("2026-11-30T20:59:59"));
        UUID id = collection("loan:1");
        boolean[] finished = {true};
        turn(dispatcher(email -> {
            clock.advance(Duration.ofSeconds(1));
            finished[0] = email.mayFinish().getAsBoolean();
            return new FailingEmailSender(new Outcome.CalledOff("the night")).send(email);
        }));

        assertThat(finished[0]).isFalse();
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(contacts()).isZero();
    }

    @Test
    void theEighthInSevenDaysIsLeftToAPersonAndHisRetryIsCheckedAgain() throws Exception {
        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 7; i++) {
            collection("loan:1");
        }
        turn(dispatcher);
        assertThat(provider.taken()).hasSize(7);

        clock.advance(Duration.ofDays(1));
        UUID eighth = collection("loan:1");
        turn(dispatcher);

        Message reviewed = message(eighth);
        assertThat(reviewed.progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(reviewed.progress().lastError().type()).isEqualTo(ErrorType.POLICY);
        assertThat(reviewed.progress().attemptCount()).isZero();
        assertThat(messages.waiting(reviewed).text()).contains("7 contacts", "개인채무자보호법 16");
        assertThat(open(eighth).errorType()).isEqualTo(ErrorType.POLICY);

        retry(eighth);
        turn(dispatcher);
        assertThat(message(eighth).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(provider.taken()).hasSize(7);

        clock.set(NOON.plus(Duration.ofHours(168)));
        retry(eighth);
        turn(dispatcher);
        assertThat(message(eighth).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void eachReferenceOfEachClientHasItsSeven() throws Exception {
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
        turn(dispatcher);
        turn(dispatcher);

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
    void withoutAReferenceTheRecipientIsWhatTheyAreAbout() throws Exception {
        for (int i = 0; i < 8; i++) {
            accept(Purpose.COLLECTION, null, OnUnknown.REVIEW, i % 2 == 0 ? "kim@example.com" : "Kim@Example.com");
        }
        accept(Purpose.COLLECTION, null, OnUnknown.REVIEW, "lee@example.com");

        turn(dispatcher(provider));

        assertThat(status("SENT")).isEqualTo(8);
        assertThat(status("MANUAL_REVIEW")).isEqualTo(1);
    }

    @Test
    void whatReachedNobodyDoesNotCountAndAnUnknownOutcomeCountsOnce() throws Exception {
        FailingEmailSender failing = new FailingEmailSender(new Outcome.Rejected("RCPT", new Reply(550, "no")));
        Dispatcher unlucky = dispatcher(failing);
        for (int i = 0; i < 7; i++) {
            collection("loan:1");
        }
        turn(unlucky);
        assertThat(status("FAILED")).isEqualTo(7);
        assertThat(contacts()).isZero();

        failing.failWith(DEFERRED);
        UUID deferred = collection("loan:1");
        turn(unlucky);
        assertThat(contacts()).isZero();

        // Three attempts at one message, each of which may have reached him.
        failing.failWith(UNKNOWN);
        UUID unknown = accept(Purpose.COLLECTION, "loan:1", OnUnknown.RETRY, "kim@example.com");
        turn(unlucky);
        clock.set(message(unknown).progress().nextAttemptAt());
        turn(unlucky);
        assertThat(contacts()).isEqualTo(2);
        failing.failWith(DEFERRED);
        clock.set(message(unknown).progress().nextAttemptAt());
        turn(unlucky);
        assertThat(contacts()).isEqualTo(2);

        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 6; i++) {
            collection("loan:1");
        }
        turn(dispatcher);
        assertThat(provider.taken()).hasSize(5);
        assertThat(message(deferred).progress().lastError().type()).isEqualTo(ErrorType.UNKNOWN_OUTCOME);
    }

    @Test
    void oneThatCountsAlreadyMayBeSentAgainBesideSixOthers() throws Exception {
        UUID unknown = collection("loan:1");
        turn(dispatcher(new FailingEmailSender(UNKNOWN)));
        assertThat(message(unknown).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        Dispatcher dispatcher = dispatcher(provider);
        for (int i = 0; i < 6; i++) {
            collection("loan:1");
        }
        turn(dispatcher);

        retry(unknown);
        turn(dispatcher);

        assertThat(message(unknown).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(contacts()).isEqualTo(7);
        assertThat(jdbc.sql("select count(*) from contact").query(Integer.class).single())
                .isEqualTo(7);
    }

    @Test
    void whatAnAdminMarksAsSentCounts() throws Exception {
        for (int i = 0; i < 7; i++) {
            collection("loan:1");
        }
        Dispatcher dispatcher = dispatcher(provider);
        turn(dispatcher);
        UUID eighth = collection("loan:1");
        turn(dispatcher);

        failures.resolve(open(eighth).id(), Decision.MARK_SENT, "kim", "he was told by telephone");

        assertThat(contacts()).isEqualTo(8);
    }

    @Test
    void ofManyAtOnceSevenGo() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        EmailSender slow = email -> {
            awaitLatch(go);
            return provider.send(email);
        };
        for (int i = 0; i < 20; i++) {
            collection("loan:1");
        }
        Dispatcher one = dispatcher(slow);
        Dispatcher two = dispatcher(slow);

        one.poll();
        two.poll();
        // All places are taken by what is under way, though nothing is sent yet, and no transaction is open for it.
        await().until(() -> status("MANUAL_REVIEW") == 13);
        assertThat(jdbc.sql("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and state like 'idle in transaction%'
                        """).query(Integer.class).single()).isZero();
        go.countDown();
        settled(one);
        settled(two);

        assertThat(provider.taken()).hasSize(7);
        assertThat(status("SENT")).isEqualTo(7);
    }

    @Test
    void aPlaceWhoseOwnerDiedIsFreeAgainUnlessHeMayHaveSent() throws Exception {
        CountDownLatch die = new CountDownLatch(1);
        CountDownLatch finishing = new CountDownLatch(1);
        UUID[] sending = new UUID[1];
        Dispatcher dying = dispatcher(email -> {
            if (new String(email.bytes()).contains(sending[0].toString())) {
                email.mayFinish().getAsBoolean();
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
        turn(dispatcher(provider));
        assertThat(provider.taken()).hasSize(6);
        assertThat(contacts()).isEqualTo(7);
        die.countDown();
        settled(dying);
        assertThat(contacts()).isEqualTo(7);
    }

    @Test
    void aPlaceThatNobodySettlesAnyMoreHoldsNobodyUp() throws Exception {
        jdbc.sql("""
                        insert into contact (message_id, client, test, reference, reserved_at)
                        select gen_random_uuid(), :client, false, 'loan:1', now() from generate_series(1, 7)
                        """).param("client", CLIENT).update();
        UUID id = collection("loan:1");

        turn(dispatcher(provider));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void inBlockedHoursItWaitsForTheirEndAndOnThroughTheNight() throws Exception {
        block("kim@example.com", new BlockedHours(MONDAY, 12 * 60, 13 * 60), new BlockedHours(TUESDAY, 8 * 60, 9 * 60));
        UUID noon = collection("loan:1");
        Dispatcher dispatcher = dispatcher(provider);
        turn(dispatcher);
        Waiting waiting = messages.waiting(message(noon));
        assertThat(waiting.until()).isEqualTo(korea("2026-11-30T13:00:00"));
        assertThat(waiting.text()).contains("개인채무자보호법 18");

        clock.set(korea("2026-11-30T22:00:00"));
        UUID night = collection("loan:2");
        turn(dispatcher);
        assertThat(messages.waiting(message(night)).until()).isEqualTo(korea("2026-12-01T09:00:00"));
        assertThat(provider.taken()).isEmpty();

        clock.set(korea("2026-12-01T09:00:00"));
        turn(dispatcher);
        assertThat(status("SENT")).isEqualTo(2);
    }

    @Test
    void ofSeveralRecipientsAnyIsSpared() throws Exception {
        block("Lee@Example.com", new BlockedHours(MONDAY, 12 * 60, 13 * 60));
        UUID id = accept(Purpose.COLLECTION, "loan:1", OnUnknown.REVIEW, "kim@example.com", "lee@example.com");

        turn(dispatcher(provider));

        assertThat(messages.waiting(message(id)).until()).isEqualTo(korea("2026-11-30T13:00:00"));
    }

    @Test
    void aBlockedMeansIsLeftToAPersonUntilTheCustomerChangesHisMind() throws Exception {
        preferences.set("kim", new ContactPreference("kim@example.com", List.of(), Set.of("email")));
        UUID id = collection("loan:1");
        Dispatcher dispatcher = dispatcher(provider);
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(id).progress().lastError().message()).contains("means", "개인채무자보호법 18");

        preferences.set("kim", new ContactPreference("kim@example.com", List.of(), Set.of("sms")));
        retry(id);
        turn(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void itExpiresRatherThanWaitPastItsExpiry() throws Exception {
        clock.set(korea("2026-11-30T22:00:00"));
        Instant expiry = korea("2026-11-30T23:00:00");
        UUID id = accept(
                new Options("loan:1", Map.of(), Purpose.COLLECTION, Priority.NORMAL, null, expiry, OnUnknown.REVIEW));

        turn(dispatcher(provider));

        assertThat(messages.waiting(message(id)).until()).isEqualTo(expiry);
        assertThat(messages.waiting(message(id)).text()).contains("expires");
    }

    private UUID collection(String reference) {
        return accept(Purpose.COLLECTION, reference, OnUnknown.REVIEW, "kim@example.com");
    }

    private UUID accept(Purpose purpose, @Nullable String reference, OnUnknown onUnknown, String... to) {
        Content content =
                new Content(null, List.of(to), List.of(), List.of(), null, "A subject", "A text", null, Map.of());
        return messages.accept(new NewMessage(
                        new Sender(CLIENT, false, Set.of()),
                        "email",
                        content,
                        options(purpose, reference, onUnknown),
                        null))
                .id();
    }

    private static Options options(Purpose purpose, @Nullable String reference, OnUnknown onUnknown) {
        return new Options(reference, Map.of(), purpose, Priority.NORMAL, null, null, onUnknown);
    }

    private void block(String recipient, BlockedHours... hours) {
        preferences.set("kim", new ContactPreference(recipient, List.of(hours), Set.of()));
    }

    private SendFailure open(UUID id) {
        return failures.list(new FailureFilter(false, null, null, 100)).stream()
                .filter(it -> it.messageId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void retry(UUID id) {
        failures.retry(open(id).id(), "kim", "once more");
    }

    private int status(String status) {
        return jdbc.sql("select count(*) from message where status = :status")
                .param("status", status)
                .query(Integer.class)
                .single();
    }

    private int contacts() {
        return jdbc.sql("select count(*) from contact where counted_at is not null")
                .query(Integer.class)
                .single();
    }

    @Override
    Dispatcher dispatcher(EmailSender sender) {
        return dispatcher(sender, 20);
    }

    @Override
    Map<Purpose, SendingRule> rules() {
        return Map.of(rule.purpose(), rule);
    }

    private static Instant korea(String local) {
        return OffsetDateTime.parse(local + "+09:00").toInstant();
    }
}
