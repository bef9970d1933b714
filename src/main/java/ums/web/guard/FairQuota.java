package ums.web.guard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So much of something for all, and half of it for each caller at most, so that none takes all of it. Callers meet at a
 * counter of their own and at one of all, and wait at neither.
 */
final class FairQuota {

    private final AtomicLong taken = new AtomicLong();
    private final Map<Object, Long> takenBy = new ConcurrentHashMap<>();
    private final long all;
    private final long each;

    /** @param all how much there is; a caller gets half of it, rounded up */
    FairQuota(long all) {
        this.all = all;
        this.each = Math.ceilDiv(all, 2);
    }

    /**
     * Takes so much for a caller, or nothing.
     *
     * @param caller whatever tells callers apart
     * @return false where there is not enough left for him or for all
     */
    boolean take(Object caller, long much) {
        if (taken.addAndGet(much) > all) {
            taken.addAndGet(-much);
            return false;
        }
        long takenByCaller;
        try {
            takenByCaller = takenBy.merge(caller, much, Long::sum);
        } catch (Throwable fault) {
            // Where memory runs out, what nobody got must not stay taken for good.
            taken.addAndGet(-much);
            throw fault;
        }
        if (takenByCaller > each) {
            give(caller, much);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    void give(Object caller, long much) {
        try {
            takenBy.computeIfPresent(caller, (_, before) -> before == much ? null : before - much);
        } finally {
            taken.addAndGet(-much);
        }
    }

    /** How much is taken by all. */
    long taken() {
        return taken.get();
    }

    /** Of how many callers something is known: of those who hold something. */
    int callers() {
        return takenBy.size();
    }
}
