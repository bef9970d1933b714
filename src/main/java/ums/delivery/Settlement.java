package ums.delivery;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.transaction.support.TransactionOperations;
import ums.batching.Batcher;
import ums.channel.ErrorType;
import ums.logging.MessageLog;
import ums.message.Attempt;
import ums.message.LastError;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageRepository;
import ums.message.MessageStatus;
import ums.message.MessageUpdate;
import ums.message.RecipientState;
import ums.message.TimelineEvent;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Queue;

/**
 * Writes down what attempts did: the queue's rows under their claims' tokens, and the ledger's, in one transaction. Attempts
 * that end while one is being written share the next.
 */
final class Settlement {

    private static final int TRANSACTIONS_AT_ONCE = 1;
    private static final int LARGEST_TRANSACTION = 500;
    /** Each is written with what was said about it. */
    private static final int MOST_RECIPIENTS = 2_000;

    private final Queue outbox;
    private final MessageRepository messages;
    private final TransactionOperations transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Batcher<PendingSettlement, Settled> batches = new Batcher<>(
            TRANSACTIONS_AT_ONCE,
            LARGEST_TRANSACTION,
            it -> it.claimed().attempt().recipients().size(),
            MOST_RECIPIENTS,
            this::settleAll);

    Settlement(
            Queue outbox,
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
    void settle(ClaimedMessage claimed, AttemptResult result) {
        PendingSettlement settling = settling(claimed, result, "deferred");
        Settled settled = batches.submit(settling);
        RuntimeException fault = settled.fault();
        if (fault != null) {
            throw fault;
        }
        if (settled.written() || !outbox.settled(List.of(claimed.claim())).isEmpty()) {
            return;
        }
        if (result.verdict() instanceof Verdict.Sent) {
            settleLate(settling.change(), claimed);
        }
        MessageLog.claimLost(claimed.subject());
        events.publishEvent(new ClaimLost("lost"));
    }

    /** Settles a claim that was taken over from an owner who will not do it, in the transaction that took it over. */
    void settleOnBehalf(ClaimedMessage claimed, AttemptResult result) {
        write(List.of(settling(claimed, result, "reclaimed")));
    }

    private List<Settled> settleAll(List<PendingSettlement> all) {
        try {
            Set<Claim> written = transaction.execute(_ -> write(all));
            return all.stream()
                    .map(it -> new Settled(written != null && written.contains(it.claim()), null))
                    .toList();
        } catch (NonTransientDataAccessException e) {
            if (all.size() == 1 || e instanceof NonTransientDataAccessResourceException) {
                throw e;
            }
            // One of them cannot be written as it is: that harms no other.
            return all.stream().map(this::settleAlone).toList();
        }
    }

    private Settled settleAlone(PendingSettlement settling) {
        try {
            return settleAll(List.of(settling)).getFirst();
        } catch (RuntimeException e) {
            return new Settled(false, e);
        }
    }

    /** @return the claims that were ended by it */
    private Set<Claim> write(List<PendingSettlement> all) {
        Set<Claim> ended =
                outbox.settle(all.stream().map(PendingSettlement::ending).toList());
        List<PendingSettlement> ours =
                all.stream().filter(it -> ended.contains(it.claim())).toList();
        if (ours.isEmpty()) {
            return ended;
        }
        Set<UUID> changed =
                messages.settle(ours.stream().map(PendingSettlement::change).toList());
        List<AttemptSettled> settled = new ArrayList<>(ours.size());
        for (PendingSettlement each : ours) {
            if (changed.contains(each.change().messageId())) {
                settled.add(each.event());
            } else {
                // Somebody changed the ledger by hand while the message was under way: his word stands.
                events.publishEvent(new ClaimLost("status"));
                MessageLog.outcomeDropped(each.claimed().subject());
            }
        }
        events.publishEvent(new AttemptsSettled(settled));
        return ended;
    }

    /** The provider has it: nobody need try again or decide, unless somebody is at it already. */
    private void settleLate(MessageUpdate change, ClaimedMessage claimed) {
        transaction.executeWithoutResult(_ -> {
            outbox.withdraw(change.messageId());
            if (messages.applyLate(change)) {
                events.publishEvent(new LateSuccess(
                        change.messageId(),
                        claimed.claim().outboxId(),
                        claimed.attempt().client(),
                        claimed.claim().channel(),
                        claimed.attempt().number()));
            }
        });
    }

    /** Ends a claim as if it had not been made: the message waits on, and no attempt is counted. */
    void snooze(ClaimedMessage claimed, Instant until) {
        outbox.settle(List.of(ClaimResult.released(claimed.claim(), until)));
    }

    private PendingSettlement settling(ClaimedMessage claimed, AttemptResult result, String again) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new PendingSettlement(
                claimed,
                ending(claimed.claim(), result.verdict()),
                change(claimed, result.verdict(), result.recipients(), again, now),
                result.reached());
    }

    private static ClaimResult ending(Claim claim, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Retry it -> ClaimResult.delayed(claim, it.at());
            case Verdict.Release it -> ClaimResult.released(claim, it.at());
            case Verdict.Sent _, Verdict.Failed _, Verdict.Review _, Verdict.Forbidden _ ->
                ClaimResult.published(claim);
        };
    }

    private static MessageUpdate change(
            ClaimedMessage claimed, Verdict verdict, List<RecipientState> recipients, String again, Instant now) {
        return switch (verdict) {
            case Verdict.Sent _ -> change(claimed, MessageStatus.SENT, "sent", now, recipients, null, null, true);
            case Verdict.Retry it ->
                change(claimed, MessageStatus.RETRY, again, now, recipients, it.error(), it.at(), true);
            case Verdict.Release it ->
                change(claimed, MessageStatus.RETRY, again, now, recipients, it.error(), it.at(), false);
            case Verdict.Failed it ->
                change(claimed, MessageStatus.FAILED, "failed", now, recipients, it.error(), null, true);
            case Verdict.Review it ->
                change(claimed, MessageStatus.MANUAL_REVIEW, "review", now, recipients, it.error(), null, true);
            case Verdict.Forbidden it ->
                change(claimed, MessageStatus.MANUAL_REVIEW, "review", now, recipients, it.error(), null, false);
        };
    }

    private static MessageUpdate change(
            ClaimedMessage claimed,
            MessageStatus status,
            String type,
            Instant now,
            List<RecipientState> recipients,
            @Nullable LastError error,
            @Nullable Instant next,
            boolean counts) {
        Attempt attempt = claimed.attempt();
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
        return new MessageUpdate(
                attempt.messageId(),
                status,
                now,
                // Over what cannot be read nothing is written.
                attempt.unreadable().isEmpty() ? recipients : null,
                error,
                next,
                event,
                claimed.claim().at(),
                counts);
    }

    /**
     * What is to be written of one attempt.
     *
     * @param ending to the queue
     * @param change to the ledger
     */
    private record PendingSettlement(
            ClaimedMessage claimed, ClaimResult ending, MessageUpdate change, boolean reached) {

        Claim claim() {
            return claimed.claim();
        }

        AttemptSettled event() {
            return new AttemptSettled(
                    change.messageId(),
                    claim().outboxId(),
                    claimed.attempt().client(),
                    claim().channel(),
                    change.status(),
                    claimed.attempt().number(),
                    claimed.attempt().createdAt(),
                    claim().at(),
                    change.at(),
                    change.nextAttemptAt(),
                    claimed.attempt().traceparent(),
                    change.error(),
                    toHandle(),
                    claimed.attempt().purpose(),
                    reached);
        }

        /** Those refused for good are left to a person even where the others have it. */
        private @Nullable LastError toHandle() {
            if (change.status() != MessageStatus.SENT) {
                return change.status().ended() ? change.error() : null;
            }
            List<RecipientState> recipients = change.recipients();
            return recipients == null
                    ? null
                    : recipients.stream()
                            .filter(it -> it.status() == RecipientState.Status.REFUSED)
                            .findFirst()
                            .map(it -> new LastError(ErrorType.REJECTED, it.smtpCode(), null, it.reply()))
                            .orElse(null);
        }
    }

    /**
     * What became of that.
     *
     * @param written false where the claim was lost
     * @param fault why it cannot be written, or null
     */
    private record Settled(boolean written, @Nullable RuntimeException fault) {}
}
