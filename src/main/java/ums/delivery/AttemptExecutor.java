package ums.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import ums.channel.Delivery;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.MessageSender;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;
import ums.logging.MessageLog;
import ums.message.Attempt;
import ums.message.OnUnknown;
import ums.message.Purpose;
import ums.message.RecipientState;
import ums.message.Ruling;
import ums.message.SendingRule;
import ums.message.TraceContext;
import ums.queue.Queue;

/** One attempt: send, decide, settle. No transaction, lock or pooled connection is held while it sends. */
final class AttemptExecutor {

    private final Map<String, MessageSender> channels;
    private final OnUnknown onUnknown;
    private final RetryPolicy policy;
    private final Settlement settlement;
    private final Queue outbox;
    private final TraceContext trace;
    private final Pause untilNextTry;
    private final Clock clock;
    private final Map<Purpose, SendingRule> rules;

    /**
     * @param untilNextTry what to do between two tries at what the database did not take
     * @param rules who is asked before a message of a purpose is sent; nobody where there is none
     */
    AttemptExecutor(
            Map<String, MessageSender> channels,
            OnUnknown onUnknown,
            RetryPolicy policy,
            Settlement settlement,
            Queue outbox,
            TraceContext trace,
            Pause untilNextTry,
            Clock clock,
            Map<Purpose, SendingRule> rules) {
        this.channels = channels;
        this.onUnknown = onUnknown;
        this.policy = policy;
        this.settlement = settlement;
        this.outbox = outbox;
        this.trace = trace;
        this.untilNextTry = untilNextTry;
        this.clock = clock;
        this.rules = rules;
    }

    /**
     * Called by the dispatcher on a virtual thread, under a permit; returns when the outcome is written down.
     *
     * @return when the message is due again, or null where the queue is done with it
     */
    @Nullable Instant process(ClaimedMessage claimed) throws InterruptedException {
        Failure unreadable = claimed.attempt().whyUnreadable();
        if (unreadable != null) {
            return unsent(claimed, new Verdict.Review(unreadable));
        }
        return switch (ruling(claimed)) {
            case Ruling.Allowed it -> attempt(claimed, it.until());
            case Ruling.Waits it -> unsent(claimed, new Verdict.Release(it.until(), policyError(it.why())));
            case Ruling.Forbidden it -> unsent(claimed, new Verdict.Forbidden(policyError(it.why())));
        };
    }

    private Ruling ruling(ClaimedMessage claimed) throws InterruptedException {
        SendingRule rule = rules.get(claimed.attempt().purpose());
        return rule == null ? Ruling.ALWAYS : untilTaken(claimed, () -> rule.decide(claimed.attempt()));
    }

    private @Nullable Instant attempt(ClaimedMessage claimed, Instant allowedUntil) throws InterruptedException {
        Attempt attempt = claimed.attempt();
        List<RecipientOutcome> outcomes = send(claimed, allowedUntil);
        tellOfFault(claimed, outcomes);
        Instant now = clock.instant();
        List<RecipientState> recipients = Recipients.after(attempt.recipients(), outcomes, onUnknown(attempt), now);
        Verdict verdict = policy.decide(claimed.claim().attempt(), recipients, outcomes, now);
        return settle(claimed, verdict, recipients, Recipients.reached(outcomes));
    }

    private @Nullable Instant unsent(ClaimedMessage claimed, Verdict verdict) throws InterruptedException {
        return settle(claimed, verdict, claimed.attempt().recipients(), false);
    }

    private @Nullable Instant settle(
            ClaimedMessage claimed, Verdict verdict, List<RecipientState> recipients, boolean reached)
            throws InterruptedException {
        Verdict inTime = verdict.notPast(claimed.attempt().expiresAt());
        untilTaken(claimed, () -> {
            settlement.settle(claimed, inTime, recipients, reached);
            return inTime;
        });
        return inTime.due();
    }

    private static Failure policyError(String why) {
        return Failure.of(ErrorType.POLICY, why);
    }

    /** Lets a claimed message wait on until then, at no attempt; called by the dispatcher under a permit. */
    void snooze(ClaimedMessage claimed, Instant until) throws InterruptedException {
        untilTaken(claimed, () -> {
            settlement.snooze(claimed, until);
            return until;
        });
    }

    /** Settles a claim whose owner died: what the provider may have has an unknown outcome, all else goes back. */
    void settleOnBehalf(ClaimedMessage claimed, boolean inDoubt) {
        Attempt attempt = claimed.attempt();
        Instant now = clock.instant();
        Outcome outcome = inDoubt
                ? new Outcome.Unknown(null, "the process that was sending it died or was cut off")
                : new Outcome.CalledOff("the process that had claimed it died before the provider could have it");
        List<RecipientOutcome> outcomes = attempt.pending().stream()
                .map(it -> new RecipientOutcome(it.recipient(), outcome))
                .toList();
        List<RecipientState> recipients = Recipients.after(attempt.recipients(), outcomes, onUnknown(attempt), now);
        Failure unreadable = attempt.whyUnreadable();
        Verdict verdict = unreadable != null
                ? new Verdict.Review(unreadable)
                : policy.decide(claimed.claim().attempt(), recipients, outcomes, now);
        settlement.settleOnBehalf(claimed, atOnce(verdict, now), recipients, Recipients.reached(outcomes));
    }

    /** The wait after a failed attempt spares a provider; here none has said anything. */
    private static Verdict atOnce(Verdict verdict, Instant now) {
        return switch (verdict) {
            case Verdict.Retry it -> new Verdict.Retry(now, it.error());
            case Verdict.Release it -> new Verdict.Release(now, it.error());
            case Verdict.Sent _, Verdict.Failed _, Verdict.Review _, Verdict.Forbidden _ -> verdict;
        };
    }

    /** The channel whose rate claims are paid for, if there is one. */
    Optional<MessageSender> paced() {
        return channels.values().stream().filter(it -> it.rate().isPresent()).findFirst();
    }

    /** Whether any channel can take messages now. */
    boolean available() {
        return channels.values().stream().anyMatch(it -> it.availability().available());
    }

    /** Whether this message's channel can take messages now. */
    boolean available(ClaimedMessage claimed) {
        MessageSender channel = channels.get(claimed.claim().channel());
        return channel == null || channel.availability().available();
    }

    /** Whose messages this one shares its permits with. */
    String bulkhead(ClaimedMessage claimed) {
        MessageSender channel = channels.get(claimed.claim().channel());
        return channel == null ? "" : channel.bulkhead(claimed.attempt().content());
    }

    /** What an unknown outcome means for this message. */
    OnUnknown onUnknown(Attempt attempt) {
        return attempt.onUnknown() == null ? onUnknown : attempt.onUnknown();
    }

    private List<RecipientOutcome> send(ClaimedMessage claimed, Instant allowedUntil) {
        Attempt attempt = claimed.attempt();
        Delivery delivery = new Delivery(
                attempt.messageId(),
                attempt.date(),
                attempt.content(),
                attempt.pending().stream().map(RecipientState::recipient).toList(),
                () -> mayFinish(claimed, allowedUntil),
                attempt.test());
        MessageSender channel = channels.get(claimed.claim().channel());
        if (!claimed.lease().getAsBoolean()) {
            return all(delivery, new Outcome.CalledOff("this process was not heard of for too long to go on"));
        }
        if (channel == null) {
            Outcome gone =
                    new Outcome.Invalid("there is no channel " + claimed.claim().channel() + " any more");
            return all(delivery, gone);
        }
        return trace.attempt(claimed.subject(), () -> channel.send(delivery));
    }

    /** Once, as it is the same for all recipients. */
    private static void tellOfFault(ClaimedMessage claimed, List<RecipientOutcome> outcomes) {
        if (!outcomes.isEmpty()
                && outcomes.getFirst().outcome() instanceof Outcome.Invalid invalid
                && invalid.cause() != null) {
            MessageLog.notRendered(claimed.subject(), ErrorType.INVALID.name(), invalid.cause());
        }
    }

    /**
     * Not for a message that expired, or whose hour passed, while it was on its way to the provider. Only one whose unknown
     * outcome goes to a person pays for a note that it may have one.
     */
    private boolean mayFinish(ClaimedMessage claimed, Instant allowedUntil) {
        boolean noted = onUnknown(claimed.attempt()) == OnUnknown.RETRY || outbox.doubt(claimed.claim());
        // Asked last, as the note may take its time.
        Instant now = clock.instant();
        Instant expiresAt = claimed.attempt().expiresAt();
        return noted
                && (expiresAt == null || expiresAt.isAfter(now))
                && allowedUntil.isAfter(now)
                && claimed.lease().getAsBoolean();
    }

    private static List<RecipientOutcome> all(Delivery delivery, Outcome outcome) {
        return delivery.recipients().stream()
                .map(it -> new RecipientOutcome(it, outcome))
                .toList();
    }

    /** A known outcome is kept until the database takes it: forgetting it could send the message a second time. */
    private <T> T untilTaken(ClaimedMessage claimed, Supplier<T> work) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return work.get();
            } catch (DataAccessException | TransactionException e) {
                if (tries == 1) {
                    MessageLog.outcomeKept(claimed.subject(), e);
                }
                untilNextTry.await();
            }
        }
    }

    /** A wait that a stop interrupts. */
    interface Pause {
        void await() throws InterruptedException;
    }
}
