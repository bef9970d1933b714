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
import ums.logging.MessageLog;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageRepository;
import ums.message.MessageUpdate;
import ums.message.SettlementStep;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Queue;

/**
 * Writes the results of attempts, in one transaction for all that ended while the last one was written:
 *
 * <ol>
 *   <li>{@link Queue#settle} ends the claims, under their tokens;
 *   <li>{@link MessageRepository#settle} updates the messages whose claims it ended;
 *   <li>each {@link SettlementStep} writes what follows from that: {@code FailureRecorder}, then {@code ContactRecorder}.
 * </ol>
 *
 * Observers (meters, log, alerts) are notified by {@link AttemptsSettled} after the commit.
 */
final class Settlement {

    private static final int TRANSACTIONS_AT_ONCE = 1;
    private static final int LARGEST_TRANSACTION = 500;
    /** The state of each is written. */
    private static final int MOST_RECIPIENTS = 2_000;

    private final Queue queue;
    private final MessageRepository messages;
    private final List<SettlementStep> steps;
    private final TransactionOperations transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Batcher<PendingSettlement, Written> batches = new Batcher<>(
            TRANSACTIONS_AT_ONCE,
            LARGEST_TRANSACTION,
            PendingSettlement::size,
            MOST_RECIPIENTS,
            this::writeInTransaction);

    /** @param steps in the sequence in which they run */
    Settlement(
            Queue queue,
            MessageRepository messages,
            List<SettlementStep> steps,
            TransactionOperations transaction,
            ApplicationEventPublisher events,
            Clock clock) {
        this.queue = queue;
        this.messages = messages;
        this.steps = List.copyOf(steps);
        this.transaction = transaction;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Settles a claim. Where it was lost to another owner, nothing is written but a late success, and {@link ClaimLost} is
     * published.
     *
     * @throws org.springframework.dao.DataAccessException where the database is out of reach; the caller tries again
     */
    void settle(ClaimedMessage claimed, AttemptResult result) {
        PendingSettlement pending = pending(claimed, result, "deferred");
        Written written = batches.submit(pending);
        RuntimeException fault = written.fault();
        if (fault != null) {
            throw fault;
        }
        // The answer to an earlier try may have been lost.
        if (written.byThis() || !queue.settled(List.of(claimed.claim())).isEmpty()) {
            return;
        }
        if (result.verdict() instanceof Verdict.Sent) {
            settleLate(pending);
        }
        MessageLog.claimLost(claimed.subject());
        events.publishEvent(new ClaimLost("lost"));
    }

    /** Settles a claim that was taken over from a dead owner, in the transaction that took it over. */
    void settleOnBehalf(ClaimedMessage claimed, AttemptResult result) {
        write(List.of(pending(claimed, result, "reclaimed")));
    }

    /** Ends a claim without an attempt: the entry waits until then. */
    void snooze(ClaimedMessage claimed, Instant until) {
        queue.settle(List.of(ClaimResult.released(claimed.claim(), until)));
    }

    private PendingSettlement pending(ClaimedMessage claimed, AttemptResult result, String retryEvent) {
        return PendingSettlement.of(claimed, result, retryEvent, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private List<Written> writeInTransaction(List<PendingSettlement> batch) {
        try {
            Set<Claim> ended = transaction.execute(_ -> write(batch));
            return batch.stream()
                    .map(it -> new Written(ended != null && ended.contains(it.claim()), null))
                    .toList();
        } catch (NonTransientDataAccessException e) {
            if (batch.size() == 1 || e instanceof NonTransientDataAccessResourceException) {
                throw e;
            }
            // One of them cannot be written: the others are written without it.
            return batch.stream().map(this::writeAlone).toList();
        }
    }

    private Written writeAlone(PendingSettlement pending) {
        try {
            return writeInTransaction(List.of(pending)).getFirst();
        } catch (RuntimeException e) {
            return new Written(false, e);
        }
    }

    /** @return the claims that it ended; the others were lost */
    private Set<Claim> write(List<PendingSettlement> batch) {
        Set<Claim> ended =
                queue.settle(batch.stream().map(PendingSettlement::result).toList());
        List<PendingSettlement> ours =
                batch.stream().filter(it -> ended.contains(it.claim())).toList();
        if (ours.isEmpty()) {
            return ended;
        }
        Set<UUID> updated =
                messages.settle(ours.stream().map(PendingSettlement::update).toList());
        List<AttemptSettled> settled = new ArrayList<>(ours.size());
        for (PendingSettlement each : ours) {
            if (updated.contains(each.update().messageId())) {
                settled.add(each.settled());
            } else {
                // The ledger was changed by hand during the attempt, and that change is kept.
                events.publishEvent(new ClaimLost("status"));
                MessageLog.outcomeDropped(each.claimed().subject());
            }
        }
        steps.forEach(it -> it.onSettled(settled));
        events.publishEvent(new AttemptsSettled(settled));
        return ended;
    }

    /** The provider has the message: no further attempt or decision is needed, unless one is being made already. */
    private void settleLate(PendingSettlement pending) {
        MessageUpdate update = pending.update();
        transaction.executeWithoutResult(_ -> {
            queue.withdraw(update.messageId());
            if (messages.applyLate(update)) {
                LateSuccess late = new LateSuccess(pending.claimed().subject());
                steps.forEach(it -> it.onLateSuccess(late));
                events.publishEvent(late);
            }
        });
    }

    /**
     * What became of a pending settlement.
     *
     * @param byThis false where the claim was lost, or had been settled before
     * @param fault why it cannot be written, or null
     */
    private record Written(boolean byThis, @Nullable RuntimeException fault) {}
}
