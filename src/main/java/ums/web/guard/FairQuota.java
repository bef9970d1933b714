package ums.web.guard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A quota for all callers, of which each caller may hold half. Lock-free counters; acquiring never waits. */
final class FairQuota {

    private final AtomicLong total = new AtomicLong();
    private final Map<Object, Long> heldBy = new ConcurrentHashMap<>();
    private final long all;
    private final long each;

    /** @param all the quota; a caller's share is half of it, rounded up */
    FairQuota(long all) {
        this.all = all;
        this.each = Math.ceilDiv(all, 2);
    }

    /**
     * Acquires all of an amount, or nothing.
     *
     * @param caller the caller's identity
     * @return false if the caller's share or the quota is exceeded
     */
    boolean tryAcquire(Object caller, long amount) {
        if (total.addAndGet(amount) > all) {
            total.addAndGet(-amount);
            return false;
        }
        long heldByCaller;
        try {
            heldByCaller = heldBy.merge(caller, amount, Long::sum);
        } catch (Throwable fault) {
            // After an OutOfMemoryError, the amount must not stay acquired.
            total.addAndGet(-amount);
            throw fault;
        }
        if (heldByCaller > each) {
            release(caller, amount);
            return false;
        }
        return true;
    }

    /** Releases an acquired amount. */
    void release(Object caller, long amount) {
        try {
            heldBy.computeIfPresent(caller, (_, before) -> before == amount ? null : before - amount);
        } finally {
            total.addAndGet(-amount);
        }
    }

    /** The amount that all callers hold. */
    long held() {
        return total.get();
    }

    /** The number of callers that hold something. */
    int callers() {
        return heldBy.size();
    }
}
