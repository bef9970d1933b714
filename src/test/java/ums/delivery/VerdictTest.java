package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ums.channel.ErrorType;
import ums.channel.Recipient;
import ums.message.OnUnknown;
import ums.message.RecipientState;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** The contract's table "What follows an attempt", for one recipient and for several. */
class VerdictTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Outcome SENT = new Outcome.Sent(new Reply(250, "taken"));
    private static final Outcome DEFERRED = new Outcome.Deferred("RCPT", new Reply(451, "later"));
    private static final Outcome REJECTED = new Outcome.Rejected("RCPT", new Reply(550, "never"));
    private static final Outcome UNKNOWN = new Outcome.Unknown("FINAL_DOT", "the connection was lost");

    private final RetryPolicy policy = new RetryPolicy(
            new RetryProperties(12, Duration.ofSeconds(10), 3, Duration.ofHours(6)), OnUnknown.RETRY, () -> 0.5);

    static Stream<Arguments> oneRecipient() {
        return Stream.of(
                arguments(SENT, OnUnknown.RETRY, "Sent", null, "SENT"),
                arguments(DEFERRED, OnUnknown.RETRY, "Retry", ErrorType.DEFERRED, "PENDING"),
                arguments(REJECTED, OnUnknown.RETRY, "Failed", ErrorType.REJECTED, "REFUSED"),
                arguments(
                        new Outcome.Disconnected("DATA", "lost", null),
                        OnUnknown.REVIEW,
                        "Retry",
                        ErrorType.CONNECTION,
                        "PENDING"),
                arguments(
                        new Outcome.TimedOut("BODY", "no answer"),
                        OnUnknown.REVIEW,
                        "Retry",
                        ErrorType.TIMEOUT,
                        "PENDING"),
                arguments(UNKNOWN, OnUnknown.RETRY, "Retry", ErrorType.UNKNOWN_OUTCOME, "PENDING"),
                arguments(UNKNOWN, OnUnknown.REVIEW, "Review", ErrorType.UNKNOWN_OUTCOME, "UNKNOWN"),
                arguments(
                        new Outcome.AuthenticationRefused("MAIL", "530", new Reply(530, "log in")),
                        OnUnknown.RETRY,
                        "Retry",
                        ErrorType.AUTHENTICATION,
                        "PENDING"),
                arguments(
                        new Outcome.AccountRefused("MAIL", new Reply(550, "not registered here")),
                        OnUnknown.REVIEW,
                        "Release",
                        ErrorType.ACCOUNT,
                        "PENDING"),
                arguments(
                        new Outcome.Invalid("needs SMTPUTF8"),
                        OnUnknown.RETRY,
                        "Failed",
                        ErrorType.INVALID,
                        "REFUSED"));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("oneRecipient")
    void forOneRecipient(Outcome outcome, OnUnknown onUnknown, String verdict, ErrorType error, String status) {
        List<RecipientState> recipients = after(onUnknown, outcome);

        Verdict follows = policy.decide(1, recipients, outcomes(outcome), NOW);

        assertThat(follows.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(type(follows)).isEqualTo(error);
        assertThat(recipients.getFirst().status()).hasToString(status);
    }

    static Stream<Arguments> severalRecipients() {
        return Stream.of(
                arguments(List.of(SENT, REJECTED), "Sent"),
                arguments(List.of(REJECTED, REJECTED), "Failed"),
                arguments(List.of(SENT, DEFERRED), "Retry"),
                arguments(List.of(REJECTED, DEFERRED), "Retry"),
                arguments(List.of(UNKNOWN, DEFERRED), "Retry"),
                arguments(List.of(UNKNOWN, REJECTED), "Review"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("severalRecipients")
    void forSeveralRecipients(List<Outcome> outcomes, String verdict) {
        Outcome[] all = outcomes.toArray(Outcome[]::new);

        Verdict follows = policy.decide(1, after(OnUnknown.REVIEW, all), outcomes(all), NOW);

        assertThat(follows.getClass().getSimpleName()).isEqualTo(verdict);
    }

    @Test
    void onlyPendingRecipientsAreNamedAgain() {
        List<RecipientState> first = after(OnUnknown.REVIEW, SENT, DEFERRED, REJECTED, UNKNOWN);

        assertThat(first).extracting(it -> it.status().name()).containsExactly("SENT", "PENDING", "REFUSED", "UNKNOWN");
    }

    @Test
    void anUnknownOutcomeIsReviewedOnceNoRecipientIsPending() {
        List<RecipientState> first = after(OnUnknown.REVIEW, UNKNOWN, DEFERRED);
        List<RecipientOutcome> second = List.of(new RecipientOutcome(recipient(1), SENT));

        Verdict follows = policy.decide(2, Recipients.after(first, second, OnUnknown.REVIEW, NOW), second, NOW);

        assertThat(follows).isInstanceOf(Verdict.Review.class);
        assertThat(type(follows)).isEqualTo(ErrorType.UNKNOWN_OUTCOME);
    }

    @Test
    void usedUpAttemptsWithAPendingRecipientAreReviewed() {
        assertThat(policy.decide(11, after(OnUnknown.RETRY, DEFERRED), outcomes(DEFERRED), NOW))
                .isInstanceOf(Verdict.Retry.class);
        assertThat(policy.decide(12, after(OnUnknown.RETRY, DEFERRED), outcomes(DEFERRED), NOW))
                .isInstanceOf(Verdict.Review.class);
    }

    @Test
    void serverFaultsAndCalledOffAttemptsDoNotCount() {
        Outcome down = new Outcome.Disconnected("CONNECT", "refused", null);
        List<RecipientOutcome> faults = List.of(new RecipientOutcome(recipient(0), down, true));
        Outcome calledOff = new Outcome.CalledOff("given up");

        assertThat(policy.decide(12, after(OnUnknown.RETRY, down), faults, NOW)).isInstanceOf(Verdict.Release.class);
        assertThat(policy.decide(12, after(OnUnknown.RETRY, calledOff), outcomes(calledOff), NOW))
                .isInstanceOf(Verdict.Release.class);
    }

    private static List<RecipientState> after(OnUnknown onUnknown, Outcome... outcomes) {
        List<RecipientState> before = IntStream.range(0, outcomes.length)
                .mapToObj(it -> RecipientState.pending(recipient(it)))
                .toList();
        return Recipients.after(before, outcomes(outcomes), onUnknown, NOW);
    }

    private static List<RecipientOutcome> outcomes(Outcome... outcomes) {
        return IntStream.range(0, outcomes.length)
                .mapToObj(it -> new RecipientOutcome(recipient(it), outcomes[it]))
                .toList();
    }

    private static Recipient recipient(int number) {
        return new Recipient("user" + number + "@example.com", Recipient.Kind.TO);
    }

    private static ErrorType type(Verdict verdict) {
        return verdict.error() == null ? null : verdict.error().type();
    }
}
