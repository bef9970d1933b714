package ums.dispatch;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionOperations;
import ums.channel.ErrorType;
import ums.message.Attempt;
import ums.message.Change;
import ums.message.LastError;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageRepository;
import ums.message.MessageStatus;
import ums.message.RecipientState;
import ums.message.TimelineEvent;
import ums.outbox.Claim;
import ums.outbox.OutboxService;

/** Writes down what an attempt did: the queue's row under its claim's token, and the ledger's, in one transaction. */
final class Settlement {

    private final OutboxService outbox;
    private final MessageRepository messages;
    private final TransactionOperations transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Settlement(
            OutboxService outbox,
            MessageRepository messages,
            TransactionOperations transaction,
            ApplicationEventPublisher events,
            Clock clock) {
        this.outbox = outbox;
        this.messages = messages;
        this.transaction = transaction;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Settles a claim; where it was lost meanwhile, nothing is written and {@link ClaimLost} is published.
     *
     * @throws org.springframework.dao.DataAccessException where the database is out of reach; the caller tries again
     */
    void settle(ClaimedMessage claimed, Verdict verdict, List<RecipientState> recipients) {
        Change change = change(claimed.attempt(), verdict, recipients, "deferred");
        if (settle(claimed, verdict, change) || outbox.settled(claimed.claim())) {
            return;
        }
        if (verdict instanceof Verdict.Sent) {
            settleLate(change, claimed.claim());
        }
        events.publishEvent(new ClaimLost("lost"));
    }

    /** Settles a claim that was taken over from an owner who will not do it, in the transaction that took it over. */
    void settleInStead(ClaimedMessage claimed, Verdict verdict, List<RecipientState> recipients) {
        settle(claimed, verdict, change(claimed.attempt(), verdict, recipients, "reclaimed"));
    }

    private boolean settle(ClaimedMessage claimed, Verdict verdict, Change change) {
        Boolean settled = transaction.execute(_ -> {
            if (!end(claimed.claim(), verdict)) {
                return false;
            }
            if (!messages.apply(change)) {
                throw new IllegalStateException(
                        "message " + change.messageId() + " is not PROCESSING though it is claimed");
            }
            events.publishEvent(settled(claimed, change));
            return true;
        });
        return Boolean.TRUE.equals(settled);
    }

    /** The provider has it: nobody need try again or decide, unless somebody is at it already. */
    private void settleLate(Change change, Claim claim) {
        transaction.executeWithoutResult(_ -> {
            outbox.withdraw(change.messageId());
            if (messages.applyLate(change)) {
                events.publishEvent(new LateSuccess(change.messageId(), claim.channel()));
            }
        });
    }

    /** Ends a claim as if it had not been made: the message waits on, and no attempt is counted. */
    void putBack(ClaimedMessage claimed, Instant until) {
        transaction.executeWithoutResult(_ -> {
            if (outbox.release(claimed.claim(), until)) {
                messages.putBack(claimed.claim().aggregateId(), until);
            }
        });
    }

    private boolean end(Claim claim, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Retry it -> outbox.delay(claim, it.at());
            case Verdict.Release it -> outbox.release(claim, it.at());
            case Verdict.Sent _, Verdict.Failed _, Verdict.Review _ -> outbox.publish(claim);
        };
    }

    private Change change(Attempt attempt, Verdict verdict, List<RecipientState> recipients, String again) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return switch (verdict) {
            case Verdict.Sent _ -> change(attempt, MessageStatus.SENT, "sent", now, recipients, null, null, true);
            case Verdict.Retry it ->
                change(attempt, MessageStatus.RETRY, again, now, recipients, it.error(), it.at(), true);
            case Verdict.Release it ->
                change(attempt, MessageStatus.RETRY, again, now, recipients, it.error(), it.at(), false);
            case Verdict.Failed it ->
                change(attempt, MessageStatus.FAILED, "failed", now, recipients, it.error(), null, true);
            case Verdict.Review it ->
                change(attempt, MessageStatus.MANUAL_REVIEW, "review", now, recipients, it.error(), null, true);
        };
    }

    private static Change change(
            Attempt attempt,
            MessageStatus status,
            String type,
            Instant now,
            List<RecipientState> recipients,
            @Nullable LastError error,
            @Nullable Instant next,
            boolean counts) {
        RecipientState told =
                recipients.stream().filter(it -> it.reply() != null).findFirst().orElse(null);
        TimelineEvent event = error != null
                ? new TimelineEvent(
                        type, now, attempt.number(), error.type(), error.phase(), error.smtpCode(), error.message())
                : new TimelineEvent(
                        type,
                        now,
                        attempt.number(),
                        null,
                        null,
                        told == null ? null : told.smtpCode(),
                        told == null ? null : told.reply());
        return new Change(attempt.messageId(), status, now, recipients, error, next, event, counts);
    }

    /** Those refused for good are left to a person even where the others have it. */
    private static @Nullable LastError toHandle(Change change) {
        if (change.status() != MessageStatus.SENT) {
            return change.status().ended() ? change.error() : null;
        }
        return change.recipients().stream()
                .filter(it -> it.status() == RecipientState.Status.REFUSED)
                .findFirst()
                .map(it -> new LastError(ErrorType.REJECTED, it.smtpCode(), null, it.reply()))
                .orElse(null);
    }

    private static AttemptSettled settled(ClaimedMessage claimed, Change change) {
        return new AttemptSettled(
                change.messageId(),
                claimed.claim().outboxId(),
                claimed.claim().channel(),
                change.status(),
                claimed.attempt().number(),
                claimed.attempt().createdAt(),
                claimed.attempt().startedAt(),
                change.at(),
                change.error(),
                toHandle(change));
    }
}
