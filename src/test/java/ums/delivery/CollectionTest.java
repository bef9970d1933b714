package ums.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.TUESDAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ums.channel.ErrorType;
import ums.channel.email.FailingEmailSender;
import ums.contact.BlockedHours;
import ums.contact.ContactPreference;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.TimelineEvent;
import ums.message.Waiting;
import ums.provider.Outcome;
import ums.queue.Priority;

/** Messages of purpose COLLECTION are sent when and by what means the law and their recipients allow. */
class CollectionTest extends CollectionStory {

    @Test
    void atNightItWaitsForTheMorningWithoutAnAttempt() throws Exception {
        clock.set(korea("2026-11-30T21:00:00"));
        UUID id = collection("loan:1");
        Dispatcher dispatcher = dispatcher(provider);

        pollAndSettle(dispatcher);

        Message waits = message(id);
        assertThat(waits.progress().attemptCount()).isZero();
        assertThat(waits.progress().nextAttemptAt()).isEqualTo(korea("2026-12-01T08:00:00"));
        Waiting waiting = messages.waiting(waits);
        assertThat(waiting).isNotNull();
        assertThat(waiting.reason()).isEqualTo(Waiting.Reason.POLICY);
        assertThat(waiting.until()).isEqualTo(korea("2026-12-01T08:00:00"));
        assertThat(waiting.text()).contains("21:00", "08:00", "채권추심법 9");
        assertThat(messages.events(OWNER, id).orElseThrow().getLast().error().type())
                .isEqualTo(ErrorType.POLICY);

        clock.set(korea("2026-12-01T07:59:59"));
        pollAndSettle(dispatcher);
        assertThat(provider.taken()).isEmpty();

        clock.set(korea("2026-12-01T08:00:00"));
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        // The mail is dated by its acceptance, not by the end of the wait.
        assertThat(new String(provider.taken().getFirst().bytes(), UTF_8))
                .contains("Date: Mon, 30 Nov 2026 12:00:00 +0000");
    }

    @ParameterizedTest
    @EnumSource(
            value = Purpose.class,
            names = {"NORMAL", "LEGAL_NOTICE"})
    void otherPurposesAreSentAtNightToo(Purpose purpose) throws Exception {
        clock.set(korea("2026-11-30T23:00:00"));
        UUID id = accept(purpose, "loan:1", OnUnknown.REVIEW, "kim@example.com");

        pollAndSettle(dispatcher(provider));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(contacts()).isZero();
    }

    @Test
    void aRetryThatFallsIntoTheNightWaitsForTheMorning() throws Exception {
        clock.set(korea("2026-11-30T20:59:55"));
        FailingEmailSender failing = new FailingEmailSender(DEFERRED);
        UUID id = collection("loan:1");
        pollAndSettle(dispatcher(failing));
        Instant retry = message(id).progress().nextAttemptAt();
        assertThat(retry).isAfter(korea("2026-11-30T21:00:00"));

        clock.set(retry);
        Dispatcher dispatcher = dispatcher(provider);
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(messages.waiting(message(id)).until()).isEqualTo(korea("2026-12-01T08:00:00"));

        clock.set(korea("2026-12-01T08:00:00"));
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "deferred", "deferred", "sent");
    }

    @Test
    void anAttemptThatIsInFlightWhenTheNightBeginsIsCalledOff() throws Exception {
        clock.set(korea("2026-11-30T20:59:59"));
        UUID id = collection("loan:1");
        boolean[] finished = {true};
        pollAndSettle(dispatcher(email -> {
            clock.advance(Duration.ofSeconds(1));
            finished[0] = email.commit().getAsBoolean();
            return new FailingEmailSender(new Outcome.CalledOff("the night")).send(email);
        }));

        assertThat(finished[0]).isFalse();
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(contacts()).isZero();
    }

    @Test
    void inBlockedHoursItWaitsForTheirEndAndOnThroughTheNight() throws Exception {
        block("kim@example.com", new BlockedHours(MONDAY, 12 * 60, 13 * 60), new BlockedHours(TUESDAY, 8 * 60, 9 * 60));
        UUID noon = collection("loan:1");
        Dispatcher dispatcher = dispatcher(provider);
        pollAndSettle(dispatcher);
        Waiting waiting = messages.waiting(message(noon));
        assertThat(waiting.until()).isEqualTo(korea("2026-11-30T13:00:00"));
        assertThat(waiting.text()).contains("개인채무자보호법 18");

        clock.set(korea("2026-11-30T22:00:00"));
        UUID night = collection("loan:2");
        pollAndSettle(dispatcher);
        assertThat(messages.waiting(message(night)).until()).isEqualTo(korea("2026-12-01T09:00:00"));
        assertThat(provider.taken()).isEmpty();

        clock.set(korea("2026-12-01T09:00:00"));
        pollAndSettle(dispatcher);
        assertThat(status("SENT")).isEqualTo(2);
    }

    @Test
    void theBlockedHoursOfAnyRecipientApply() throws Exception {
        block("Lee@Example.com", new BlockedHours(MONDAY, 12 * 60, 13 * 60));
        UUID id = accept(Purpose.COLLECTION, "loan:1", OnUnknown.REVIEW, "kim@example.com", "lee@example.com");

        pollAndSettle(dispatcher(provider));

        assertThat(messages.waiting(message(id)).until()).isEqualTo(korea("2026-11-30T13:00:00"));
    }

    @Test
    void aBlockedMeansIsReviewedUntilThePreferenceChanges() throws Exception {
        preferences.set("kim", new ContactPreference("kim@example.com", List.of(), Set.of("email")));
        UUID id = collection("loan:1");
        Dispatcher dispatcher = dispatcher(provider);
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(id).progress().lastError().text()).contains("means", "개인채무자보호법 18");

        preferences.set("kim", new ContactPreference("kim@example.com", List.of(), Set.of("sms")));
        retry(id);
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void itWaitsUntilItsExpiryAtMost() throws Exception {
        clock.set(korea("2026-11-30T22:00:00"));
        Instant expiry = korea("2026-11-30T23:00:00");
        UUID id = accept(
                new Options("loan:1", Map.of(), Purpose.COLLECTION, Priority.NORMAL, null, expiry, OnUnknown.REVIEW));

        pollAndSettle(dispatcher(provider));

        assertThat(messages.waiting(message(id)).until()).isEqualTo(expiry);
        assertThat(messages.waiting(message(id)).text()).contains("expires");
    }

    @Test
    void theRulesHoldForEntriesClaimedOnInsertToo() throws Exception {
        Dispatcher dispatcher = dispatcher(provider);
        pollAndSettle(dispatcher);
        directly.set(new DirectDispatch(dispatcher, claims));
        for (int i = 0; i < 8; i++) {
            collection("loan:1");
        }
        awaitSettled(dispatcher);
        assertThat(provider.taken()).hasSize(7);
        assertThat(status("MANUAL_REVIEW")).isEqualTo(1);

        clock.set(korea("2026-11-30T21:00:00"));
        UUID id = collection("loan:2");
        awaitSettled(dispatcher);

        assertThat(message(id).progress().nextAttemptAt()).isEqualTo(korea("2026-12-01T08:00:00"));
        assertThat(provider.taken()).hasSize(7);
        clock.set(korea("2026-12-01T08:00:00"));
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }
}
