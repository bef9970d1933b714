package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.email.EmailContent;
import ums.message.Waiting.Reason;
import ums.provider.Provider.Availability;
import ums.queue.Priority;
import ums.queue.QueuePosition;

class WaitingTest {

    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Availability UNAVAILABLE =
            new Availability(false, "no connection to the server", NOW.minusSeconds(5));

    @Test
    void aScheduledMessageWaitsUntilItIsDue() {
        Waiting waiting = waiting(MessageStatus.ACCEPTED, LATER, null, LATER);

        assertThat(waiting.reason()).isEqualTo(Reason.SCHEDULED);
        assertThat(waiting.until()).isEqualTo(LATER);
    }

    @Test
    void aReadyMessageIsQueued() {
        assertThat(waiting(MessageStatus.ACCEPTED, null, null, null).reason()).isEqualTo(Reason.QUEUED);
        assertThat(waiting(MessageStatus.ACCEPTED, NOW, null, NOW).reason()).isEqualTo(Reason.QUEUED);
        assertThat(waiting(MessageStatus.RETRY, null, null, NOW).reason()).isEqualTo(Reason.QUEUED);
    }

    @Test
    void aRetryNamesTheErrorWithoutTheReply() {
        Waiting waiting = waiting(MessageStatus.RETRY, null, null, LATER);

        assertThat(waiting.reason()).isEqualTo(Reason.RETRY);
        assertThat(waiting.until()).isEqualTo(LATER);
        assertThat(waiting.text())
                .contains("did not take it for now", "tried again")
                .doesNotContain("kim@example.com");
    }

    @Test
    void aRetryAfterItsExpirySaysSo() {
        assertThat(waiting(MessageStatus.RETRY, null, LATER, LATER).text())
                .contains("expires")
                .doesNotContain("tried again");
        Waiting expired = waiting(MessageStatus.ACCEPTED, null, NOW, null);
        assertThat(expired.reason()).isEqualTo(Reason.QUEUED);
        assertThat(expired.text()).contains("will not be sent");
    }

    @Test
    void aClaimedMessageIsBeingSent() {
        assertThat(waiting(MessageStatus.PROCESSING, null, null, null).reason()).isEqualTo(Reason.SENDING);
    }

    @Test
    void aMessageInReviewWaitsForAnOperator() {
        Waiting waiting = waiting(MessageStatus.MANUAL_REVIEW, null, null, null);

        assertThat(waiting.reason()).isEqualTo(Reason.REVIEW);
        assertThat(waiting.text()).contains("A person decides", "after 1 attempt", "did not take it for now");
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageStatus.class,
            names = {"SENT", "FAILED", "CANCELED", "EXPIRED"})
    void anEndedMessageDoesNotWait(MessageStatus status) {
        assertThat(Waiting.of(
                        message(status, null, null, null), UNAVAILABLE, OptionalDouble.empty(), Optional::empty, NOW))
                .isNull();
    }

    @Test
    void anUnavailableChannelIsTheReasonUnlessTheMessageIsNotDue() {
        for (MessageStatus status : List.of(MessageStatus.ACCEPTED, MessageStatus.RETRY)) {
            Waiting waiting = Waiting.of(
                    message(status, null, null, null), UNAVAILABLE, OptionalDouble.empty(), Optional::empty, NOW);
            assertThat(waiting.reason()).isEqualTo(Reason.PROVIDER);
            assertThat(waiting.text()).contains("no connection to the server", "2026-12-01T08:59:55Z");
            assertThat(waiting.since()).isEqualTo(NOW.minusSeconds(5));
        }
        assertThat(Waiting.of(
                                message(MessageStatus.ACCEPTED, LATER, null, LATER),
                                UNAVAILABLE,
                                OptionalDouble.empty(),
                                Optional::empty,
                                NOW)
                        .reason())
                .isEqualTo(Reason.SCHEDULED);
        assertThat(Waiting.of(
                                message(MessageStatus.PROCESSING, null, null, null),
                                UNAVAILABLE,
                                OptionalDouble.empty(),
                                Optional::empty,
                                NOW)
                        .reason())
                .isEqualTo(Reason.SENDING);
    }

    @Test
    void aPositionInTheQueueIsShown() {
        Message ready = message(MessageStatus.ACCEPTED, null, null, null);

        Waiting waiting = waiting(ready, OptionalDouble.empty(), new QueuePosition(41, true));
        assertThat(waiting.reason()).isEqualTo(Reason.QUEUED);
        assertThat(waiting.ahead()).isEqualTo(41);
        assertThat(waiting.text()).contains("About 41 messages are before it");
        assertThat(waiting(ready, OptionalDouble.empty(), new QueuePosition(10_000, true))
                        .text())
                .contains("More than 10000 messages");
        assertThat(waiting(ready, OptionalDouble.empty(), new QueuePosition(0, true))
                        .text())
                .contains("the next");
        Waiting unattended = waiting(ready, OptionalDouble.empty(), new QueuePosition(3, false));
        assertThat(unattended.reason()).isEqualTo(Reason.UNATTENDED);
        assertThat(unattended.text()).contains("No process that sends is running", "About 3");
    }

    @Test
    void aRateLimitIsTheReasonWithATime() {
        Message ready = message(MessageStatus.RETRY, null, null, NOW);

        Waiting waiting = waiting(ready, OptionalDouble.of(2), new QueuePosition(120, true));
        assertThat(waiting.reason()).isEqualTo(Reason.RATE);
        assertThat(waiting.until()).isEqualTo(LATER);
        assertThat(waiting.text()).contains("2.0 recipients a second", "About 120");
        assertThat(waiting(ready, OptionalDouble.of(2), new QueuePosition(1, true))
                        .reason())
                .isEqualTo(Reason.QUEUED);
        assertThat(waiting(ready, OptionalDouble.of(2), new QueuePosition(10_000, true))
                        .until())
                .isNull();
    }

    private static Waiting waiting(Message message, OptionalDouble rate, @Nullable QueuePosition place) {
        return Waiting.of(message, Availability.AVAILABLE, rate, () -> Optional.ofNullable(place), NOW);
    }

    private static Waiting waiting(
            MessageStatus status, @Nullable Instant scheduledAt, @Nullable Instant expiresAt, @Nullable Instant next) {
        return waiting(message(status, scheduledAt, expiresAt, next), OptionalDouble.empty(), null);
    }

    private static Message message(
            MessageStatus status, @Nullable Instant scheduledAt, @Nullable Instant expiresAt, @Nullable Instant next) {
        Failure error = status == MessageStatus.ACCEPTED
                ? null
                : new Failure(ErrorType.DEFERRED, "451", "RCPT", "451 <kim@example.com> greylisted");
        return new Message(
                UUID.randomUUID(),
                "shop",
                false,
                "email",
                new EmailContent(null, List.of(), List.of(), List.of(), null, "s", "t", null, Map.of()),
                new Options(null, Map.of(), Purpose.NORMAL, Priority.NORMAL, scheduledAt, expiresAt, null),
                List.of(),
                new Message.Progress(status, 1, NOW, NOW, null, next, null, error, null, false));
    }
}
