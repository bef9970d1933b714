package ums.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import ums.queue.Claimant.Allowance;
import ums.queue.StandingClaim;

/**
 * Claims messages from the queue, no more than there are free permits, and starts them. {@link #poll} is one round; {@link
 * DispatchLoop} repeats it, tests call it themselves.
 */
class Dispatcher {

    private static final Duration SHORT_WAIT = Duration.ofMillis(100);
    private static final Duration STOP_CHECK = Duration.ofMillis(100);
    private static final Duration GATHERING = Duration.ofMillis(2);
    private static final long NEVER = -1;

    private final Claims claims;
    private final ClaimSource source;
    private final Routes routes;
    private final InFlight inFlight;
    private final Clock clock;
    private final Duration pollInterval;
    private final int concurrency;
    private final Semaphore signal = new Semaphore(0);
    private final AtomicLong wakeUps = new AtomicLong();
    /** The number of wake-ups before the last poll that found no backlog. */
    private volatile long caughtUpWith = NEVER;

    private boolean backlog;
    private volatile boolean waitsForPermit;
    private volatile boolean stopping;

    Dispatcher(
            Claims claims,
            ClaimSource source,
            Routes routes,
            AdmissionControl admission,
            Clock clock,
            DispatchProperties properties) {
        this.claims = claims;
        this.source = source;
        this.routes = routes;
        this.clock = clock;
        this.pollInterval = properties.pollInterval();
        this.concurrency = properties.concurrency();
        this.inFlight = new InFlight(concurrency, admission, this::expect, this::removed);
    }

    /**
     * Claims as many messages as there are free permits, and starts them.
     *
     * @return how long to wait for a signal before the next poll: zero where there may be more to claim, the poll interval
     *     at most
     */
    Duration poll() throws InterruptedException {
        if (!mayClaim()) {
            return SHORT_WAIT;
        }
        long wakeUpsBefore = wakeUps.get();
        startUnanswered();
        Instant now = clock.instant();
        if (!source.prepare(now)) {
            return source.untilNextPoll(now);
        }
        if (!acquirePermit()) {
            return pollInterval;
        }
        int free = 1 + acquireFurther();
        Map<String, Allowance> allowances = Map.of();
        List<ClaimedMessage> claimed = List.of();
        int kept = 0;
        try {
            allowances = routes.acquire(free);
            int max = allowances.values().stream().mapToInt(Allowance::max).sum();
            if (max > 0) {
                // A claim that is not answered keeps its permits.
                kept = Math.min(free, max);
                claimed = claims.claim(kept, allowances);
                kept = claimed.size();
            }
        } finally {
            inFlight.release(free - kept);
            routes.reconcile(allowances, claimed);
        }
        claimed.forEach(inFlight::start);
        backlog = source.hasMore(claimed.size(), free);
        if (isHeldUp(allowances, claimed, free)) {
            return SHORT_WAIT;
        }
        if (!backlog) {
            caughtUpWith = wakeUpsBefore;
        }
        return backlog ? Duration.ZERO : source.untilNextPoll(now);
    }

    /** Whether there may be more to claim of a channel whose allowance is used up. */
    private static boolean isHeldUp(Map<String, Allowance> allowances, List<ClaimedMessage> claimed, int free) {
        return allowances.entrySet().stream()
                .filter(it -> it.getValue().max() < free)
                .anyMatch(it -> claimed.stream()
                                .filter(each -> each.claim().channel().equals(it.getKey()))
                                .count()
                        >= it.getValue().max());
    }

    /** A message is in flight no more: its account may take another one. */
    private void removed(ClaimedMessage claimed) {
        if (routes.release(claimed)) {
            wake();
        }
    }

    /** Whether this process has a valid lease, and any channel is available. */
    boolean mayClaim() {
        return claims.mayClaim() && routes.anyAvailable();
    }

    /** Makes the next poll happen by {@code due}, when an entry is due. */
    void expect(Instant due) {
        if (source.expect(due)) {
            wake();
        }
    }

    /** Ends the wait for the next poll. Several calls during one poll are followed by one poll. */
    void wake() {
        wakeUps.incrementAndGet();
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** Waits for a signal, {@code wait} at most. */
    void await(Duration wait) throws InterruptedException {
        if (!wait.isZero()) {
            signal.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        signal.drainPermits();
    }

    /** False where this process stops. Not interrupted, as an interrupted claim could be committed and yet unknown. */
    private boolean acquirePermit() throws InterruptedException {
        try {
            while (!stopping) {
                if (inFlight.acquire(1, STOP_CHECK)) {
                    return true;
                }
                waitsForPermit = true;
                startUnanswered();
            }
            return false;
        } finally {
            waitsForPermit = false;
        }
    }

    /** With a backlog permits become free in batches: claims wait for a quarter of them, so that they are batches too. */
    private int acquireFurther() throws InterruptedException {
        int quarter = concurrency / 4 - 1;
        int gathered = backlog && quarter > 0 && inFlight.acquire(quarter, GATHERING) ? quarter : 0;
        return gathered + inFlight.acquireFree();
    }

    /** Starts the messages of claims whose answers were lost, as far as the queue knows of them now. */
    private void startUnanswered() {
        Claims.Answered answered = claims.askForUnanswered();
        while (answered != null) {
            inFlight.release(answered.permits() - answered.found().size());
            routes.begin(answered.found());
            answered.found().forEach(inFlight::start);
            answered = claims.askForUnanswered();
        }
    }

    /** Whether a poll waits because all permits belong to messages that are being sent. */
    boolean isBusy() {
        return waitsForPermit && !claims.isAnyUnanswered();
    }

    /** Whether a claim was made whose answer is not known yet. */
    boolean isAnyUnanswered() {
        return claims.isAnyUnanswered();
    }

    /** Whether this process has a valid lease, so that a poll reads the queue. */
    boolean isAlive() {
        return claims.mayClaim();
    }

    /**
     * Acquires permits for entries that are claimed on insert.
     *
     * @return how many; 0 where entries wait in the queue, or this process may not claim now
     */
    int reserve(int wanted) {
        boolean keepsUp = wakeUps.get() == caughtUpWith && !stopping && !routes.isLimited() && mayClaim();
        return keepsUp ? inFlight.acquireFree(wanted) : 0;
    }

    /** What entries that are claimed on insert may take, by channel. */
    Map<String, Allowance> allowances() {
        return routes.unlimited();
    }

    /** Releases reserved permits that were not used. */
    void release(int unused) {
        inFlight.release(unused);
    }

    /** Starts a message under a reserved permit; false as by {@link InFlight#start}. */
    boolean start(ClaimedMessage claimed) {
        return inFlight.start(claimed);
    }

    /** Whether this process is working on a claim, under a valid lease. */
    boolean holds(StandingClaim claim) {
        return inFlight.holds(claim);
    }

    /** How many permits are not free. */
    int inFlight() {
        return inFlight.count();
    }

    /** No new claims from now on. */
    void stopClaiming() {
        stopping = true;
    }

    /** Waits until everything in flight is settled, as {@link InFlight#drain}. */
    boolean drain(Duration timeout) throws InterruptedException {
        return inFlight.drain(timeout);
    }
}
