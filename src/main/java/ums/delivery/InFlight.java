package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import ums.logging.MessageLog;
import ums.queue.StandingClaim;

/**
 * The permits of this process, and the messages that hold them: each is processed on a virtual thread of its own. A permit is
 * released when its message is settled, not when it is sent, so that a crash leaves few messages in doubt.
 */
final class InFlight {

    private final int capacity;
    private final AdmissionControl admission;
    private final Consumer<Instant> onDue;
    private final Consumer<ClaimedMessage> onRemoved;
    private final Semaphore permits;
    private final Map<Long, ClaimedMessage> messages = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("send-", 0).factory());

    /**
     * @param capacity how many permits there are
     * @param onDue called with the time at which a message that was not done is due again
     * @param onRemoved called with each message that was {@linkplain #start started}, when its permit is free again
     */
    InFlight(int capacity, AdmissionControl admission, Consumer<Instant> onDue, Consumer<ClaimedMessage> onRemoved) {
        this.capacity = capacity;
        this.admission = admission;
        this.onDue = onDue;
        this.onRemoved = onRemoved;
        this.permits = new Semaphore(capacity);
    }

    /** Acquires so many permits, or none where they are not free within {@code wait}. */
    boolean acquire(int count, Duration wait) throws InterruptedException {
        return permits.tryAcquire(count, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Acquires all free permits; how many. */
    int acquireFree() {
        return permits.drainPermits();
    }

    /** Acquires free permits, {@code max} at most; how many. */
    int acquireFree(int max) {
        int free = permits.drainPermits();
        permits.release(Math.max(0, free - max));
        return Math.min(free, max);
    }

    void release(int count) {
        permits.release(count);
    }

    /**
     * Begins to process a message, under a permit that was acquired for it. Throws nothing, as the caller may have more of
     * them to start.
     *
     * @return false where this process stops: the claim is rescued by another one
     */
    boolean start(ClaimedMessage claimed) {
        boolean started = false;
        messages.put(claimed.claim().outboxId(), claimed);
        try {
            threads.execute(() -> run(claimed));
            started = true;
        } catch (RejectedExecutionException _) {
            // This process stops, and another one rescues the claim.
        } catch (RuntimeException | Error e) {
            MessageLog.attemptBroken(claimed.subject(), e);
        } finally {
            if (!started) {
                remove(claimed);
            }
        }
        return started;
    }

    private void run(ClaimedMessage claimed) {
        try {
            Instant due = admission.process(claimed);
            if (due != null) {
                onDue.accept(due);
            }
        } catch (InterruptedException _) {
            // The drain timed out: the claim is rescued once this process has deregistered.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            MessageLog.attemptBroken(claimed.subject(), e);
        } finally {
            remove(claimed);
        }
    }

    private void remove(ClaimedMessage claimed) {
        messages.remove(claimed.claim().outboxId(), claimed);
        permits.release();
        onRemoved.accept(claimed);
    }

    /** Whether this process is working on a claim, under a valid lease. */
    boolean holds(StandingClaim claim) {
        @Nullable ClaimedMessage held = messages.get(claim.outboxId());
        return held != null
                && held.claim().token().equals(claim.token())
                && held.lease().getAsBoolean();
    }

    /** How many permits are not free. */
    int count() {
        return capacity - permits.availablePermits();
    }

    /**
     * Waits until all permits are free.
     *
     * @return false where they were not within {@code timeout}; the attempts in flight are interrupted then
     */
    boolean drain(Duration timeout) throws InterruptedException {
        boolean settled = acquire(capacity, timeout);
        if (settled) {
            permits.release(capacity);
        }
        threads.shutdownNow();
        return settled;
    }
}
