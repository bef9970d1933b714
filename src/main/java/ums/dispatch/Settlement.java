package ums.dispatch;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionOperations;
import ums.message.Attempt;
import ums.message.Change;
import ums.message.LastError;
import ums.message.MessageEvents.AttemptSettled;
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
        Claim claim = claimed.claim();
        Change change = change(claimed.attempt(), verdict, recipients);
        Boolean settled = transaction.execute(_ -> {
            Instant next = change.nextAttemptAt();
            boolean held = next == null ? outbox.publish(claim) : outbox.delay(claim, next);
            if (held && !messages.apply(change)) {
                throw new IllegalStateException(
                        "message " + claim.aggregateId() + " is not PROCESSING though its order is claimed");
            }
            return held;
        });
        events.publishEvent(Boolean.TRUE.equals(settled) ? settled(claimed, change) : new ClaimLost("lost"));
    }

    private Change change(Attempt attempt, Verdict verdict, List<RecipientState> recipients) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return switch (verdict) {
            case Verdict.Sent _ -> change(attempt, MessageStatus.SENT, "sent", now, recipients, null, null);
            case Verdict.Retry it ->
                change(attempt, MessageStatus.RETRY, "deferred", now, recipients, it.error(), it.at());
            case Verdict.Failed it ->
                change(attempt, MessageStatus.FAILED, "failed", now, recipients, it.error(), null);
            case Verdict.Review it ->
                change(attempt, MessageStatus.MANUAL_REVIEW, "review", now, recipients, it.error(), null);
        };
    }

    private static Change change(
            Attempt attempt,
            MessageStatus status,
            String type,
            Instant now,
            List<RecipientState> recipients,
            @Nullable LastError error,
            @Nullable Instant next) {
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
        return new Change(attempt.messageId(), status, now, recipients, error, next, event);
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
                change.error());
    }
}
