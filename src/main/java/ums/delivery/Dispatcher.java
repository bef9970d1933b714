package ums.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import ums.logging.MessageLog;
import ums.queue.RateLimiter;
import ums.queue.StandingClaim;

/**
 * Takes work from the queue: claims no more than it has free permits for and hands each claim to the processor on a
 * virtual thread. A permit comes back when the message is settled, not when it is sent, so that a crash leaves few in doubt.
 *
 * <p>{@link #poll} is one turn; {@link DispatchLoop} turns it, tests by hand.
 */
class Dispatcher {

    private static final Duration WITHOUT_CHANNEL = Duration.ofSeconds(5);
    private static final Duration UNREAD = Duration.ofSeconds(1);
    private static final Duration A_MOMENT = Duration.ofMillis(100);
    private static final Duration STOP_CHECK = Duration.ofMillis(100);
    private static final Duration GATHERING = Duration.ofMillis(2);
    private static final long NEVER = -1;

    private final Claims claims;
    private final ClaimSource source;
    private final AttemptExecutor processor;
    private final RateLimiter pace;
    private final Clock clock;
    private final Duration pollInterval;
    private final int concurrency;
    private final Semaphore permits;
    private final Semaphore signal = new Semaphore(0);
    private final Bulkheads bulkheads;
    private final Map<Long, ClaimedMessage> inHand = new ConcurrentHashMap<>();
    private final BodyBudget bodies;
    private final AtomicLong news = new AtomicLong();
    private volatile long caughtUpWith = NEVER;
    private boolean backlog;
    private volatile boolean waitsForPermit;
    private volatile boolean stopping;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("send-", 0).factory());

    Dispatcher(
            Claims claims,
            ClaimSource source,
            AttemptExecutor processor,
            RateLimiter pace,
            BodyBudget bodies,
            Clock clock,
            DispatchProperties properties) {
        this.claims = claims;
        this.source = source;
        this.processor = processor;
        this.pace = pace;
        this.bodies = bodies;
        this.clock = clock;
        this.pollInterval = properties.pollInterval();
        this.concurrency = properties.concurrency();
        this.permits = new Semaphore(concurrency);
        this.bulkheads = new Bulkheads(concurrency, System::nanoTime);
    }

    /**
     * Claims what there is a permit for and begins to send it.
     *
     * @return how long to wait for a signal before the next turn: nothing where there may be more, at most the poll
     *     interval
     */
    Duration poll() throws InterruptedException {
        if (!mayClaim()) {
            return A_MOMENT;
        }
        long heard = news.get();
        askAgain();
        Instant now = clock.instant();
        if (!source.begin(now)) {
            return source.wait(now);
        }
        if (!permitFreed()) {
            return pollInterval;
        }
        int free = 1 + gather();
        int leave = 0;
        List<ClaimedMessage> claimed = List.of();
        int kept = 0;
        try {
            leave = leave(free);
            kept = leave;
            claimed = leave == 0 ? List.of() : claims.take(leave);
            kept = claimed.size();
        } finally {
            permits.release(free - kept);
            giveBack(leave - claimed.size());
        }
        claimed.forEach(this::start);
        backlog = source.more(claimed.size(), free);
        if (leave < free) {
            return A_MOMENT;
        }
        if (!backlog) {
            caughtUpWith = heard;
        }
        return backlog ? Duration.ZERO : source.wait(now);
    }

    /** Whether this process is heard of, and some channel takes messages. */
    boolean mayClaim() {
        return claims.mayClaim() && processor.available();
    }

    /** Tells of an order that will be due then: it ends a wait that would be longer. */
    void expect(Instant due) {
        if (source.expect(due)) {
            wake();
        }
    }

    /** Ends the wait for the next turn. However many call before it is over, there is one turn. */
    void wake() {
        news.incrementAndGet();
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** Waits for the next turn, {@code wait} at most. */
    void await(Duration wait) throws InterruptedException {
        if (!wait.isZero()) {
            signal.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        signal.drainPermits();
    }

    /** With a backlog permits come back by the batch: to claim for the first of them would be to claim one by one. */
    private int gather() throws InterruptedException {
        int some = concurrency / 4 - 1;
        int gathered =
                backlog && some > 0 && permits.tryAcquire(some, GATHERING.toNanos(), TimeUnit.NANOSECONDS) ? some : 0;
        return gathered + permits.drainPermits();
    }

    /** What the channel's rate leaves of the free permits. */
    private int leave(int free) {
        return processor
                .paced()
                .map(it -> pace.acquire(it.channel(), it.rate().orElseThrow(), free))
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
        try {
            while (!stopping) {
                if (permits.tryAcquire(STOP_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
                waitsForPermit = true;
                askAgain();
            }
            return false;
        } finally {
            waitsForPermit = false;
        }
    }

    /** Whether a turn goes no further because all permits are taken by messages that are being sent. */
    boolean isBusy() {
        return waitsForPermit && !claims.isAnyUnanswered();
    }

    /** Whether a claim was made whose answer cannot be had. */
    boolean isAnyUnanswered() {
        return claims.isAnyUnanswered();
    }

    /** Whether this process is heard of, so that a turn tells something. */
    boolean isAlive() {
        return claims.mayClaim();
    }

    /** What the database may have committed without being able to say so is ours all the same. */
    private void askAgain() {
        for (Claims.Answered each = claims.askAgain(); each != null; each = claims.askAgain()) {
            permits.release(each.permits() - each.found().size());
            each.found().forEach(this::start);
        }
    }

    /**
     * Takes permits outside a turn, for orders that are about to be made and need not wait in the queue.
     *
     * @return how many; 0 where others wait there, or this process may not send now
     */
    int permitsFor(int orders) {
        boolean keepsUp =
                news.get() == caughtUpWith && !stopping && processor.paced().isEmpty() && mayClaim();
        if (!keepsUp) {
            return 0;
        }
        int free = permits.drainPermits();
        permits.release(Math.max(0, free - orders));
        return Math.min(free, orders);
    }

    /** Gives permits back that were taken for nothing. */
    void release(int unused) {
        permits.release(unused);
    }

    /**
     * Begins to send what is claimed, under a permit that was taken for it. Throws nothing, as others may be behind it.
     *
     * @return false where it could not be begun: the claim is taken back once it is stale
     */
    boolean start(ClaimedMessage claimed) {
        boolean begun = false;
        inHand.put(claimed.claim().outboxId(), claimed);
        try {
            threads.execute(() -> attempt(claimed));
            begun = true;
        } catch (RejectedExecutionException _) {
            // This process stops, and whoever goes on takes the claim back.
        } catch (RuntimeException | Error e) {
            MessageLog.attemptBroken(claimed.subject(), e);
        } finally {
            if (!begun) {
                letGo(claimed);
                permits.release();
            }
        }
        return begun;
    }

    private void attempt(ClaimedMessage claimed) {
        try {
            inItsMemory(claimed);
        } catch (InterruptedException _) {
            // The stop's patience is over: the claim is taken back once this process is silent.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            MessageLog.attemptBroken(claimed.subject(), e);
        } finally {
            letGo(claimed);
            permits.release();
        }
    }

    private void letGo(ClaimedMessage claimed) {
        inHand.remove(claimed.claim().outboxId(), claimed);
    }

    /** Whether this process is at work on a claim, and has the lease to be. */
    boolean holds(StandingClaim claim) {
        ClaimedMessage held = inHand.get(claim.outboxId());
        return held != null
                && held.claim().token().equals(claim.token())
                && held.lease().getAsBoolean();
    }

    /** A large content is read by its own attempt, where there is memory for it. */
    private void inItsMemory(ClaimedMessage claimed) throws InterruptedException {
        long length = claimed.attempt().unread();
        if (length == 0 || !processor.available(claimed)) {
            inBulkhead(claimed);
            return;
        }
        Duration wait = bodies.enter(claimed.attempt().messageId(), length);
        if (!wait.isZero()) {
            snooze(claimed, wait);
            return;
        }
        try {
            inBulkhead(claimed);
        } finally {
            bodies.leave(length);
        }
    }

    private void inBulkhead(ClaimedMessage claimed) throws InterruptedException {
        String bulkhead = processor.bulkhead(claimed);
        Duration wait = processor.available(claimed) ? bulkheads.enter(bulkhead) : WITHOUT_CHANNEL;
        if (!wait.isZero()) {
            snooze(claimed, wait);
            return;
        }
        try {
            ClaimedMessage whole = whole(claimed);
            if (whole == null) {
                snooze(claimed, UNREAD);
                return;
            }
            Instant due = processor.process(whole);
            if (due != null) {
                expect(due);
            }
        } finally {
            bulkheads.leave(bulkhead);
        }
    }

    /** Null where the database does not give it now. */
    private @Nullable ClaimedMessage whole(ClaimedMessage claimed) {
        try {
            return claims.whole(claimed);
        } catch (DataAccessException _) {
            return null;
        }
    }

    private void snooze(ClaimedMessage claimed, Duration wait) throws InterruptedException {
        Instant later = clock.instant().plus(wait);
        processor.snooze(claimed, later);
        expect(later);
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
}
