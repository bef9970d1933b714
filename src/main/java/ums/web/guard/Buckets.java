package ums.web.guard;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket for each caller. A full bucket equals a new one, so full ones are evicted every minute, and at once
 * when there are too many: a caller with ever new addresses evicts its own. Only if eviction frees nothing, new callers
 * share one bucket.
 *
 * @param <K> identifies a caller
 */
final class Buckets<K> {

    private static final int MAX_BUCKETS = 100_000;
    private static final long EVICTION_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Map<K, Bucket> buckets = new ConcurrentHashMap<>();
    private final int maxBuckets;
    private final AtomicLong nextEvictionAt;
    private final int perSecond;
    private final int burst;
    private final TimeMeter time;
    private final Bucket shared;

    Buckets(int perSecond, int burst, TimeMeter time) {
        this(perSecond, burst, time, MAX_BUCKETS);
    }

    /** @param maxBuckets how many callers get a bucket of their own */
    Buckets(int perSecond, int burst, TimeMeter time, int maxBuckets) {
        this.maxBuckets = maxBuckets;
        this.nextEvictionAt = new AtomicLong(time.currentTimeNanos());
        this.perSecond = perSecond;
        this.burst = burst;
        this.time = time;
        this.shared = newBucket();
    }

    Bucket of(K caller) {
        Bucket bucket = buckets.get(caller);
        if (bucket != null) {
            return bucket;
        }
        return buckets.size() < maxBuckets || evict() ? buckets.computeIfAbsent(caller, _ -> newBucket()) : shared;
    }

    /** Scans all buckets, so at most once a second. */
    private boolean evict() {
        long now = time.currentTimeNanos();
        long due = nextEvictionAt.get();
        if (now - due >= 0 && nextEvictionAt.compareAndSet(due, now + EVICTION_INTERVAL)) {
            evictFull();
        }
        return buckets.size() < maxBuckets;
    }

    void evictFull() {
        buckets.values().removeIf(it -> it.getAvailableTokens() >= burst);
    }

    int size() {
        return buckets.size();
    }

    /** Lock-free, with nanosecond precision. */
    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(it -> it.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(time)
                .build();
    }
}
