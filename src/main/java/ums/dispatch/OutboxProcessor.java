package ums.dispatch;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import ums.channel.Delivery;
import ums.channel.MessageSender;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;
import ums.message.Attempt;
import ums.message.OnUnknown;
import ums.message.RecipientState;

/** One attempt: send, decide, settle. No transaction, lock or pooled connection is held while it sends. */
final class OutboxProcessor {

    private static final Logger log = LoggerFactory.getLogger(OutboxProcessor.class);

    private final Map<String, MessageSender> channels;
    private final OnUnknown onUnknown;
    private final RetryPolicy policy;
    private final Settlement settlement;
    private final Pause untilNextTry;
    private final Clock clock;

    /** @param untilNextTry what to do between two tries at a settlement that the database did not take */
    OutboxProcessor(
            Map<String, MessageSender> channels,
            OnUnknown onUnknown,
            RetryPolicy policy,
            Settlement settlement,
            Pause untilNextTry,
            Clock clock) {
        this.channels = channels;
        this.onUnknown = onUnknown;
        this.policy = policy;
        this.settlement = settlement;
        this.untilNextTry = untilNextTry;
        this.clock = clock;
    }

    /** Called by the dispatcher on a virtual thread, under a permit; returns when the outcome is written down. */
    void process(ClaimedMessage claimed) throws InterruptedException {
        Attempt attempt = claimed.attempt();
        List<RecipientOutcome> outcomes = send(claimed);
        Instant now = clock.instant();
        OnUnknown unknown = attempt.onUnknown() == null ? onUnknown : attempt.onUnknown();
        List<RecipientState> recipients = Recipients.after(attempt.recipients(), outcomes, unknown, now);
        Verdict verdict = policy.decide(claimed.claim().attempt(), recipients, outcomes, now)
                .notPast(attempt.expiresAt());
        settle(claimed, verdict, recipients);
    }

    private List<RecipientOutcome> send(ClaimedMessage claimed) {
        Attempt attempt = claimed.attempt();
        Delivery delivery = new Delivery(
                attempt.messageId(),
                attempt.createdAt(),
                attempt.content(),
                attempt.pending().stream().map(RecipientState::recipient).toList(),
                () -> true,
                attempt.test());
        MessageSender channel = channels.get(claimed.claim().channel());
        if (channel == null) {
            Outcome gone =
                    new Outcome.Invalid("there is no channel " + claimed.claim().channel() + " any more");
            return delivery.recipients().stream()
                    .map(it -> new RecipientOutcome(it, gone))
                    .toList();
        }
        return channel.send(delivery);
    }

    /** A known outcome is kept until the database takes it: forgetting it could send the message a second time. */
    private void settle(ClaimedMessage claimed, Verdict verdict, List<RecipientState> recipients)
            throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                settlement.settle(claimed, verdict, recipients);
                return;
            } catch (DataAccessException | TransactionException e) {
                if (tries == 1) {
                    log.atWarn()
                            .addKeyValue("messageId", claimed.claim().aggregateId())
                            .addKeyValue("outboxId", claimed.claim().outboxId())
                            .addKeyValue("attemptCount", claimed.attempt().number())
                            .log(
                                    "The outcome of an attempt cannot be written now; it is kept and tried again: {}",
                                    e.toString());
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
