package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.Recipient;
import ums.channel.email.EmailContent;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;
import ums.message.TimelineEvent;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** The results of attempts: retries, refusals, and what the timeline says of them. */
class AttemptTest extends DispatchStory {

    @Test
    void aDeferredMessageIsRetriedWithGrowingWaitsAndThenReviewed() throws Exception {
        Dispatcher dispatcher =
                dispatcher(new FailingEmailSender(new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"))));
        UUID id = accept();

        pollAndSettle(dispatcher);
        Message once = message(id);
        assertThat(once.progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(once.progress().nextAttemptAt())
                .isBetween(clock.instant().plusMillis(7_500), clock.instant().plusMillis(12_500));
        assertThat(once.progress().lastError().type()).isEqualTo(ErrorType.DEFERRED);
        assertThat(once.progress().lastError().code()).isEqualTo("451");
        assertThat(once.progress().lastError().phase()).isEqualTo("RCPT");

        pollAndSettle(dispatcher);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);

        clock.set(once.progress().nextAttemptAt());
        pollAndSettle(dispatcher);
        Message twice = message(id);
        assertThat(twice.progress().attemptCount()).isEqualTo(2);
        assertThat(Duration.between(clock.instant(), twice.progress().nextAttemptAt()))
                .isBetween(Duration.ofMillis(22_400), Duration.ofMillis(37_600));

        clock.set(twice.progress().nextAttemptAt());
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "deferred", "deferred", "review");
    }

    @Test
    void onlyPendingRecipientsAreNamedAgain() throws Exception {
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
                        new EmailContent(
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

        pollAndSettle(dispatcher);
        clock.set(message(id).progress().nextAttemptAt());
        pollAndSettle(dispatcher);

        assertThat(named).containsExactly(List.of("kim@example.com", "full@example.com"), List.of("full@example.com"));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aRejectedMessageFails() throws Exception {
        UUID id = accept();

        pollAndSettle(
                dispatcher(new FailingEmailSender(new Outcome.Rejected("RCPT", new Reply(550, "5.1.1 No such user")))));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.FAILED);
        assertThat(message(id).progress().lastError().text()).contains("550 5.1.1 No such user");
    }

    @Test
    void aServerFaultCountsAsNoAttempt() throws Exception {
        UUID id = accept();
        Dispatcher dispatcher = dispatcher(email -> email.recipients().stream()
                .map(it -> new RecipientOutcome(it, new Outcome.Disconnected("CONNECT", "refused", null), true))
                .toList());

        for (int i = 0; i < 5; i++) {
            pollAndSettle(dispatcher);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.CONNECTION);
    }

    @Test
    void anAttemptOfAMessageThatExpiredMeanwhileIsNotFinished() throws Exception {
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

        pollAndSettle(dispatcher(email -> {
            clock.advance(Duration.ofSeconds(11));
            finished[0] = email.commit().getAsBoolean();
            return new FailingEmailSender(new Outcome.CalledOff("expired")).send(email);
        }));

        assertThat(finished[0]).isFalse();
        assertThat(message(id).progress().attemptCount()).isZero();
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aMessageThatCannotBeRenderedFailsAndIsLoggedOnceWithoutItsContent(CapturedOutput output) throws Exception {
        UUID id = accept();
        jdbc.sql("""
                        update message_content
                        set summary = jsonb_set(summary::jsonb, '{subject}', to_jsonb('secret' || chr(10) || 'Bcc: x'))::text
                        """).update();

        pollAndSettle(dispatcher(new NoopEmailSender()));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.FAILED);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.INVALID);
        assertThat(output).containsOnlyOnce("cannot be rendered").doesNotContain("secret");
    }

    @Test
    void countedAttemptsAreEventsOfTheirOwn() throws Exception {
        Dispatcher dispatcher =
                dispatcher(new FailingEmailSender(new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"))));
        UUID id = accept();
        pollAndSettle(dispatcher);
        clock.advance(Duration.ofMinutes(1));
        pollAndSettle(dispatcher);

        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::attempt)
                .containsExactly(null, 1, 2);
    }

    @Test
    void uncountedAttemptsFoldIntoOneEvent() throws Exception {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        Dispatcher dispatcher = dispatcher(email -> email.recipients().stream()
                .map(it -> new RecipientOutcome(it, outcome.get(), true))
                .toList());
        UUID id = accept();
        Outcome closed = new Outcome.Disconnected("MAIL", "421 later", new Reply(421, "later"));
        List<Instant> at = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            outcome.set(closed);
            at.add(clock.instant().truncatedTo(ChronoUnit.MILLIS));
            pollAndSettle(dispatcher);
            clock.advance(Duration.ofMinutes(1));
        }
        outcome.set(new Outcome.Disconnected("CONNECT", "refused", null));
        pollAndSettle(dispatcher);
        clock.advance(Duration.ofMinutes(1));

        List<TimelineEvent> timeline = messages.events(OWNER, id).orElseThrow();
        assertThat(timeline).extracting(TimelineEvent::type).containsExactly("accepted", "deferred", "deferred");
        assertThat(timeline.get(1))
                .isEqualTo(new TimelineEvent(
                        "deferred",
                        at.get(0),
                        1,
                        new Failure(ErrorType.CONNECTION, "421", "MAIL", "421 later", "a"),
                        null,
                        null,
                        3,
                        at.get(2),
                        null));
        assertThat(timeline.get(2).count()).isNull();
        assertThat(message(id).progress().attemptCount()).isZero();

        // Replies that differ every time are bounded too.
        for (int i = 0; i < 60; i++) {
            outcome.set(new Outcome.Disconnected("MAIL", "421 later, number " + i, new Reply(421, "later")));
            pollAndSettle(dispatcher);
            clock.advance(Duration.ofMinutes(1));
        }
        timeline = messages.events(OWNER, id).orElseThrow();
        assertThat(timeline).hasSize(1 + 50);
        assertThat(timeline.getLast().error().text()).isEqualTo("421 later, number 59");
        assertThat(timeline.getLast().count()).isEqualTo(13);
    }
}
