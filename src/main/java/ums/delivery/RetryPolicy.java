package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.message.LoadedMessage;
import ums.message.OnUnknown;
import ums.message.RecipientState;
import ums.message.RecipientState.Status;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;

/** Decides what follows an attempt: a pure function of the attempt's number, its outcomes and the time. */
final class RetryPolicy {

    private final RetryProperties properties;
    private final OnUnknown onUnknown;
    private final DoubleSupplier random;

    /**
     * @param onUnknown what follows an unknown outcome of messages that do not say so themselves
     * @param random from 0 (inclusive) to 1 (exclusive), spreads the retries of messages that failed together
     */
    RetryPolicy(RetryProperties properties, OnUnknown onUnknown, DoubleSupplier random) {
        this.properties = properties;
        this.onUnknown = onUnknown;
        this.random = random;
    }

    /** What follows an unknown outcome of this message. */
    OnUnknown onUnknown(LoadedMessage message) {
        return message.onUnknown() == null ? onUnknown : message.onUnknown();
    }

    /**
     * The result of an attempt.
     *
     * @param outcomes of the recipients that the attempt named
     * @param now when it ended
     */
    AttemptResult result(ClaimedMessage claimed, List<RecipientOutcome> outcomes, Instant now) {
        LoadedMessage message = claimed.message();
        List<RecipientState> recipients = Recipients.after(message.recipients(), outcomes, onUnknown(message), now);
        Verdict verdict = decide(claimed.claim().attempt(), recipients, outcomes, now);
        Optional<RecipientOutcome> unknown = outcomes.stream()
                .filter(it -> it.outcome() instanceof Outcome.Unknown)
                .findFirst();
        String provider = unknown.or(() -> outcomes.reversed().stream().findFirst())
                .map(RecipientOutcome::provider)
                .orElse(null);
        return new AttemptResult(
                verdict, recipients, Recipients.reached(outcomes), provider, unknown.isPresent() && provider != null);
    }

    /**
     * The verdict on an attempt.
     *
     * @param attempt the number of the attempt on its queue entry, from 1
     * @param recipients the state of all of the message's recipients after it
     * @param outcomes of the recipients that the attempt named
     * @param now when it ended
     */
    Verdict decide(int attempt, List<RecipientState> recipients, List<RecipientOutcome> outcomes, Instant now) {
        if (outcomes.stream().anyMatch(RetryPolicy::isUncounted)) {
            return new Verdict.Release(now.plus(delay(1)), first(outcomes, RetryPolicy::leavesPending));
        }
        if (any(recipients, Status.PENDING)) {
            Failure error = first(outcomes, RetryPolicy::leavesPending);
            return attempt >= properties.maxAttempts()
                    ? new Verdict.Review(error)
                    : new Verdict.Retry(now.plus(delay(attempt)), error);
        }
        if (any(recipients, Status.UNKNOWN)) {
            return new Verdict.Review(first(outcomes, it -> it instanceof Outcome.Unknown));
        }
        return any(recipients, Status.SENT)
                ? new Verdict.Sent()
                : new Verdict.Failed(first(outcomes, it -> it.errorType() != null));
    }

    /** The wait after the given attempt, a quarter more or less at random. */
    Duration delay(int attempt) {
        double wait = properties.initialDelay().toMillis() * Math.pow(properties.multiplier(), attempt - 1.0);
        double bounded = Math.min(wait, properties.maxDelay().toMillis());
        return Duration.ofMillis(Math.round(bounded * (0.75 + 0.5 * random.getAsDouble())));
    }

    private static boolean isUncounted(RecipientOutcome outcome) {
        return outcome.serverFault()
                || outcome.outcome() instanceof Outcome.CalledOff
                || outcome.outcome() instanceof Outcome.AccountRefused;
    }

    private static boolean any(List<RecipientState> recipients, Status status) {
        return recipients.stream().anyMatch(it -> it.status() == status);
    }

    private static boolean leavesPending(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent _, Outcome.Rejected _, Outcome.Invalid _ -> false;
            case Outcome.Deferred _,
                    Outcome.Disconnected _,
                    Outcome.TimedOut _,
                    Outcome.Unknown _,
                    Outcome.AuthenticationRefused _,
                    Outcome.AccountRefused _,
                    Outcome.CalledOff _ -> true;
        };
    }

    private static Failure first(List<RecipientOutcome> outcomes, Predicate<Outcome> deciding) {
        Optional<RecipientOutcome> outcome =
                outcomes.stream().filter(it -> deciding.test(it.outcome())).findFirst();
        // An earlier attempt's outcome decides where this one named other recipients only.
        return outcome.map(RecipientOutcome::failure)
                .orElseGet(() -> Failure.of(ErrorType.UNKNOWN_OUTCOME, "unknown since an earlier attempt"));
    }
}
