package ums.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ums.channel.Delivery;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.Recipient;
import ums.logging.MessageLog;
import ums.message.LoadedMessage;
import ums.message.RecipientState;
import ums.message.Ruling;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.SandboxAccounts;

/** One attempt: send, decide, settle. No transaction, lock or pooled connection is held while it sends. */
final class AttemptExecutor {

    private static final Failure PROVIDER_GONE = Failure.of(
            ErrorType.PROVIDER_GONE,
            "the provider that may have the message takes none, lacks its sender, or is not configured any more");

    private final SendPermission permission;
    private final Routes routes;
    private final RetryPolicy policy;
    private final Settlement settlement;
    private final DatabaseRetry database;
    private final Clock clock;

    AttemptExecutor(
            SendPermission permission,
            Routes routes,
            RetryPolicy policy,
            Settlement settlement,
            DatabaseRetry database,
            Clock clock) {
        this.permission = permission;
        this.routes = routes;
        this.policy = policy;
        this.settlement = settlement;
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes an attempt. Called on a virtual thread, under a permit; returns when the outcome is settled.
     *
     * @return when the message is due again, or null where its queue entry is done
     */
    @Nullable Instant process(ClaimedMessage claimed) throws InterruptedException {
        LoadedMessage message = claimed.message();
        Failure unreadable = message.whyUnreadable();
        if (unreadable != null) {
            return settle(claimed, AttemptResult.unsent(message, new Verdict.Review(unreadable)));
        }
        if (routes.isGone(claimed, clock.instant())) {
            return settle(claimed, AttemptResult.unsent(message, new Verdict.Forbidden(PROVIDER_GONE)));
        }
        Ruling ruling = database.untilSucceeded(claimed, () -> permission.ruling(message));
        AttemptResult result = switch (ruling) {
            case Ruling.Allowed it -> attempt(claimed, it.until());
            case Ruling.Waits it ->
                AttemptResult.unsent(message, new Verdict.Release(it.until(), policyError(it.why())));
            case Ruling.Forbidden it -> AttemptResult.unsent(message, new Verdict.Forbidden(policyError(it.why())));
        };
        return settle(claimed, result);
    }

    private AttemptResult attempt(ClaimedMessage claimed, Instant allowedUntil) {
        List<RecipientOutcome> outcomes = send(claimed, allowedUntil);
        logFault(claimed, outcomes);
        return policy.result(claimed, outcomes, clock.instant());
    }

    private List<RecipientOutcome> send(ClaimedMessage claimed, Instant allowedUntil) {
        LoadedMessage message = claimed.message();
        List<Recipient> recipients = recipients(message);
        if (!claimed.lease().getAsBoolean()) {
            return RecipientOutcome.all(
                    recipients, new Outcome.CalledOff("this process missed its heartbeat and lost its lease"));
        }
        return routes.send(
                claimed,
                new Delivery<>(
                        message.id(),
                        message.date(),
                        requireNonNull(message.content(), "an unreadable message is not sent"),
                        recipients,
                        routes.deadline(),
                        () -> permission.mayFinish(claimed, allowedUntil)));
    }

    private static List<Recipient> recipients(LoadedMessage message) {
        return message.pending().stream().map(RecipientState::recipient).toList();
    }

    /** Once, as the fault is the same for all recipients. */
    private static void logFault(ClaimedMessage claimed, List<RecipientOutcome> outcomes) {
        if (!outcomes.isEmpty()
                && outcomes.getFirst().outcome() instanceof Outcome.Invalid invalid
                && invalid.cause() != null) {
            MessageLog.notRendered(claimed.subject(), ErrorType.INVALID.name(), invalid.cause());
        }
    }

    private @Nullable Instant settle(ClaimedMessage claimed, AttemptResult result) throws InterruptedException {
        AttemptResult inTime = result.notPast(claimed.message().expiresAt());
        database.untilSucceeded(claimed, () -> {
            settlement.settle(claimed, inTime);
            return inTime;
        });
        return inTime.verdict().due();
    }

    private static Failure policyError(String why) {
        return Failure.of(ErrorType.POLICY, why);
    }

    /** Ends a claim without an attempt: the message is due again at {@code until}. Called under a permit. */
    void snooze(ClaimedMessage claimed, Instant until) throws InterruptedException {
        database.untilSucceeded(claimed, () -> {
            settlement.snooze(claimed, until);
            return until;
        });
    }

    /**
     * Settles a claim of a dead owner, in the caller's transaction: the outcome is unknown where the provider may have the
     * message; else the message is released.
     */
    void settleOnBehalf(ClaimedMessage claimed, boolean inDoubt) {
        String provider = provider(claimed);
        // A message is sent where it is bound only, and the claim says so first: one that names another was not begun.
        boolean begun = claimed.message().test()
                || Objects.equals(provider, claimed.claim().provider());
        Outcome outcome = inDoubt && begun
                ? new Outcome.Unknown(null, "the process that was sending it died or was cut off")
                : new Outcome.CalledOff("the process that had claimed it died before the provider could have it");
        Instant now = clock.instant();
        List<RecipientOutcome> outcomes = RecipientOutcome.all(recipients(claimed.message()), outcome).stream()
                .map(it -> provider == null ? it : it.at(provider))
                .toList();
        AttemptResult result = policy.result(claimed, outcomes, now);
        Failure unreadable = claimed.message().whyUnreadable();
        Verdict verdict = unreadable != null ? new Verdict.Review(unreadable) : atOnce(result.verdict(), now);
        settlement.settleOnBehalf(claimed, result.with(verdict));
    }

    /** Where the attempt of a claim is, or would have been. */
    private static @Nullable String provider(ClaimedMessage claimed) {
        LoadedMessage message = claimed.message();
        if (message.test()) {
            return SandboxAccounts.ID;
        }
        return message.boundTo() == null ? claimed.claim().provider() : message.boundTo();
    }

    /** The wait after a failed attempt spares the provider; here no provider has answered. */
    private static Verdict atOnce(Verdict verdict, Instant now) {
        return switch (verdict) {
            case Verdict.Retry it -> new Verdict.Retry(now, it.error());
            case Verdict.Release it -> new Verdict.Release(now, it.error());
            case Verdict.Sent _, Verdict.Failed _, Verdict.Review _, Verdict.Forbidden _ -> verdict;
        };
    }
}
