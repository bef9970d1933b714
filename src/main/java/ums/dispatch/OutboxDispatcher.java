package ums.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import ums.message.Attempt;
import ums.message.MessageRepository;
import ums.message.OnUnknown;
import ums.outbox.Claim;
import ums.outbox.OutboxService;
import ums.outbox.Pace;

/**
 * Takes work from the queue: claims no more than it has free permits for and hands each claim to the processor on a
 * virtual thread. A permit comes back when the message is settled, not when it is sent, so that a crash leaves few in doubt.
 *
 * <p>{@link #poll} is one turn; {@link DispatchLoop} turns it, tests by hand.
 */
class OutboxDispatcher {

    private static final Logger log = LoggerFactory.getLogger(OutboxDispatcher.class);
    private static final int DUE_STEP = 1_000;
    private static final Duration TURN_WAIT = Duration.ofSeconds(5);
    private static final Duration A_MOMENT = Duration.ofMillis(100);
    private static final Duration STOP_CHECK = Duration.ofMillis(100);

    private final OutboxService outbox;
    private final MessageRepository messages;
    private final OutboxProcessor processor;
    private final Pace pace;
    private final TransactionOperations transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Duration pollInterval;
    private final Supplier<BooleanSupplier> leases;
    private final String owner;
    private final int concurrency;
    private final Semaphore permits;
    private final Lanes lanes;
    private @Nullable Unanswered unanswered;
    private volatile boolean stopping;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("send-", 0).factory());

    OutboxDispatcher(
            OutboxService outbox,
            MessageRepository messages,
            OutboxProcessor processor,
            Pace pace,
            TransactionOperations transaction,
            ApplicationEventPublisher events,
            Clock clock,
            DispatchProperties properties,
            Supplier<BooleanSupplier> leases,
            String owner) {
        this.outbox = outbox;
        this.messages = messages;
        this.processor = processor;
        this.pace = pace;
        this.transaction = transaction;
        this.events = events;
        this.clock = clock;
        this.pollInterval = properties.pollInterval();
        this.leases = leases;
        this.owner = owner;
        this.concurrency = properties.concurrency();
        this.permits = new Semaphore(concurrency);
        this.lanes = new Lanes(concurrency, System::nanoTime);
    }

    /**
     * Claims what there is a permit for and begins to send it.
     *
     * @return how long to wait for a signal before the next turn: nothing where there may be more, at most the poll
     *     interval
     */
    Duration poll() throws InterruptedException {
        if (!leases.get().getAsBoolean() || !processor.available()) {
            return A_MOMENT;
        }
        Instant now = clock.instant();
        Instant due = outbox.releaseDue(now, DUE_STEP);
        if (!permitFreed()) {
            return pollInterval;
        }
        int free = 1 + permits.drainPermits();
        int leave = 0;
        List<ClaimedMessage> claimed = List.of();
        try {
            leave = leave(free);
            claimed = leave == 0 ? List.of() : claim(leave);
        } finally {
            permits.release(free - claimed.size());
            giveBack(leave - claimed.size());
        }
        claimed.forEach(this::start);
        if (leave < free) {
            return A_MOMENT;
        }
        return claimed.size() == free ? Duration.ZERO : untilDue(due, now);
    }

    /** What the channel's rate leaves of the free permits. */
    private int leave(int free) {
        return processor
                .paced()
                .map(it -> pace.spend(it.channel(), it.rate().orElseThrow(), free))
                .orElse(free);
    }

    private void giveBack(int sends) {
        if (sends > 0) {
            processor
                    .paced()
                    .ifPresent(it -> pace.giveBack(it.channel(), it.rate().orElseThrow(), sends));
        }
    }

    /** Never interrupted: an interrupt in the middle of a claim could leave it committed and unknown to us. */
    private boolean permitFreed() throws InterruptedException {
        while (!stopping) {
            if (permits.tryAcquire(STOP_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    private Duration untilDue(@Nullable Instant due, Instant now) {
        if (due == null) {
            return pollInterval;
        }
        Duration wait = Duration.between(now, due);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(pollInterval) < 0 ? wait : pollInterval;
    }

    /** The claim commits before anything is sent, and what is sent is what the claim returned. */
    private List<ClaimedMessage> claim(int max) {
        Unanswered earlier = unanswered;
        if (earlier != null) {
            List<ClaimedMessage> found = inTransaction(() -> found(earlier));
            unanswered = null;
            if (!found.isEmpty()) {
                return found;
            }
        }
        UUID token = UUID.randomUUID();
        BooleanSupplier lease = leases.get();
        try {
            return inTransaction(() -> {
                List<Claim> claims = outbox.claim(token, owner, max);
                return claims.isEmpty() ? List.of() : begun(claims, lease);
            });
        } catch (DataAccessException | TransactionException e) {
            unanswered = new Unanswered(token, lease);
            events.publishEvent(new ClaimLost("error"));
            throw e;
        }
    }

    private List<ClaimedMessage> inTransaction(Supplier<List<ClaimedMessage>> work) {
        List<ClaimedMessage> claimed = transaction.execute(_ -> work.get());
        return claimed == null ? List.of() : claimed;
    }

    /** The database may have committed a claim and not been able to say so: then it is ours all the same. */
    private List<ClaimedMessage> found(Unanswered earlier) {
        List<Claim> claims = outbox.claimed(earlier.token());
        return claims.isEmpty() ? List.of() : paired(claims, messages.underWay(ids(claims)), earlier.lease());
    }

    private List<ClaimedMessage> begun(List<Claim> claims, BooleanSupplier lease) {
        List<ClaimedMessage> claimed = paired(claims, messages.begin(ids(claims)), lease);
        List<Claim> reviewed = claimed.stream()
                .filter(it -> processor.onUnknown(it.attempt()) == OnUnknown.REVIEW)
                .map(ClaimedMessage::claim)
                .toList();
        if (!reviewed.isEmpty()) {
            outbox.certain(reviewed);
        }
        return claimed;
    }

    private static List<UUID> ids(List<Claim> claims) {
        return claims.stream().map(Claim::aggregateId).toList();
    }

    private List<ClaimedMessage> paired(List<Claim> claims, List<Attempt> begun, BooleanSupplier lease) {
        Map<UUID, Attempt> attempts = begun.stream().collect(Collectors.toMap(Attempt::messageId, Function.identity()));
        List<ClaimedMessage> claimed = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            Attempt attempt = attempts.get(claim.aggregateId());
            if (attempt != null) {
                claimed.add(new ClaimedMessage(claim, attempt, lease));
            } else {
                // Somebody changed the ledger by hand: an order for a message that must not be sent is closed.
                outbox.publish(claim);
                events.publishEvent(new ClaimLost("status"));
                log.atError()
                        .addKeyValue("messageId", claim.aggregateId())
                        .addKeyValue("outboxId", claim.outboxId())
                        .log("An order was dropped: its message does not wait to be sent");
            }
        }
        return claimed;
    }

    private void start(ClaimedMessage claimed) {
        threads.execute(() -> {
            try {
                inItsLane(claimed);
            } catch (InterruptedException _) {
                // The stop's patience is over: the claim is taken back once this process is silent.
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.atError()
                        .addKeyValue("messageId", claimed.claim().aggregateId())
                        .addKeyValue("outboxId", claimed.claim().outboxId())
                        .addKeyValue("attemptCount", claimed.attempt().number())
                        .log("An attempt ended in a fault of UMS itself; its claim is taken back once stale", e);
            } finally {
                permits.release();
            }
        });
    }

    private void inItsLane(ClaimedMessage claimed) throws InterruptedException {
        String lane = processor.lane(claimed);
        if (!processor.available(claimed) || !lanes.enter(lane)) {
            processor.putBack(claimed, clock.instant().plus(TURN_WAIT));
            return;
        }
        try {
            processor.process(claimed);
        } finally {
            lanes.leave(lane);
        }
    }

    /** How many messages are claimed and not settled. */
    int inFlight() {
        return concurrency - permits.availablePermits();
    }

    /** No new claims from now on. */
    void stopClaiming() {
        stopping = true;
    }

    /**
     * Waits for what is in flight to be settled.
     *
     * @return false where some of it was not within {@code patience}; it is interrupted then
     */
    boolean drain(Duration patience) throws InterruptedException {
        boolean settled = permits.tryAcquire(concurrency, patience.toMillis(), TimeUnit.MILLISECONDS);
        if (settled) {
            permits.release(concurrency);
        }
        threads.shutdownNow();
        return settled;
    }

    /** A claim that may or may not have been committed. */
    private record Unanswered(UUID token, BooleanSupplier lease) {}
}
