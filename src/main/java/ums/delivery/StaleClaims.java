package ums.delivery;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.transaction.support.TransactionOperations;
import ums.message.LoadedMessage;
import ums.message.MessageRepository;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Orphans;
import ums.queue.Queue;
import ums.queue.Queue.Abandoned;

/** Takes over the claims of dead and stuck owners, and settles them by what is known of their outcomes. */
final class StaleClaims {

    private static final Logger log = LoggerFactory.getLogger(StaleClaims.class);
    private static final int STEP = 200;

    private final Queue queue;
    private final MessageRepository messages;
    private final AttemptExecutor executor;
    private final TransactionOperations transaction;
    private final ApplicationEventPublisher events;

    StaleClaims(
            Queue queue,
            MessageRepository messages,
            AttemptExecutor executor,
            TransactionOperations transaction,
            ApplicationEventPublisher events) {
        this.queue = queue;
        this.messages = messages;
        this.executor = executor;
        this.transaction = transaction;
        this.events = events;
    }

    /**
     * Takes over the orphans' claims and settles them.
     *
     * @return how many
     */
    int rescue(Orphans orphans) {
        int total = 0;
        int step;
        do {
            step = step(orphans);
            total += step;
        } while (step == STEP);
        if (total > 0) {
            log.warn("Rescued {} claims whose owners did not settle them", total);
            events.publishEvent(new ClaimsRescued(total));
        }
        return total;
    }

    private int step(Orphans orphans) {
        try {
            Integer taken = transaction.execute(_ -> {
                List<Abandoned> abandoned = queue.takeOver(UUID.randomUUID(), orphans, STEP);
                settle(abandoned);
                return abandoned.size();
            });
            return taken == null ? 0 : taken;
        } catch (NonTransientDataAccessResourceException e) {
            throw e;
        } catch (NonTransientDataAccessException _) {
            return oneByOne(orphans);
        }
    }

    /** One of them cannot be written: the others are settled without it. */
    private int oneByOne(Orphans orphans) {
        List<Abandoned> abandoned = transaction.execute(_ -> queue.takeOver(UUID.randomUUID(), orphans, STEP));
        int settled = 0;
        for (Abandoned each : abandoned == null ? List.<Abandoned>of() : abandoned) {
            try {
                transaction.executeWithoutResult(_ -> settle(List.of(each)));
                settled++;
            } catch (NonTransientDataAccessException e) {
                log.error(
                        "The claim of message {} (queue entry {}) was taken over and cannot be settled: {}",
                        each.claim().aggregateId(),
                        each.claim().outboxId(),
                        e.getClass().getName());
            }
        }
        return settled;
    }

    private void settle(List<Abandoned> abandoned) {
        Map<UUID, LoadedMessage> byId =
                messages
                        .loadWithoutContent(abandoned.stream()
                                .map(it -> it.claim().aggregateId())
                                .toList())
                        .stream()
                        .collect(Collectors.toMap(LoadedMessage::id, Function.identity()));
        abandoned.forEach(it -> settle(it, byId.get(it.claim().aggregateId())));
    }

    private void settle(Abandoned abandoned, @Nullable LoadedMessage message) {
        Claim claim = abandoned.claim();
        if (message == null) {
            // The ledger was changed by hand: the entry of a message that must not be sent is closed.
            queue.settle(List.of(ClaimResult.published(claim)));
        } else {
            executor.settleOnBehalf(new ClaimedMessage(claim, message, () -> false), abandoned.inDoubt());
        }
    }
}
