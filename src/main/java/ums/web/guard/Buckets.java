package ums.web.guard;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A token bucket for each of many callers. One that is full says no more than one that was never made, so those are
 * dropped now and then; beyond a bound, newcomers share one.
 *
 * @param <K> what tells callers apart
 */
final class Buckets<K> {

    private static final int MANY = 100_000;

    private final Map<K, Bucket> buckets = new ConcurrentHashMap<>();
    private final int perSecond;
    private final int burst;
    private final TimeMeter time;
    private final Bucket shared;

    Buckets(int perSecond, int burst, TimeMeter time) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.time = time;
        this.shared = fill();
    }

    Bucket of(K caller) {
        Bucket bucket = buckets.get(caller);
        if (bucket != null) {
            return bucket;
        }
        return buckets.size() < MANY ? buckets.computeIfAbsent(caller, _ -> fill()) : shared;
    }

    void dropFull() {
        buckets.values().removeIf(it -> it.getAvailableTokens() >= burst);
    }

    int size() {
        return buckets.size();
    }

    /** Lock-free, and exact to the nanosecond. */
    private Bucket fill() {
        return Bucket.builder()
                .addLimit(it -> it.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(time)
                .build();
    }
}
