package ums.web.guard;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket for each of many callers. One that is full says no more than one that was never made, so those are
 * dropped now and then, and at once where there are too many: who calls from ever new addresses pushes out his own. Only
 * where that makes no room newcomers share one.
 *
 * @param <K> what tells callers apart
 */
final class Buckets<K> {

    private static final int MANY = 100_000;
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Map<K, Bucket> buckets = new ConcurrentHashMap<>();
    private final int most;
    private final AtomicLong mayMakeRoomAt;
    private final int perSecond;
    private final int burst;
    private final TimeMeter time;
    private final Bucket shared;

    Buckets(int perSecond, int burst, TimeMeter time) {
        this(perSecond, burst, time, MANY);
    }

    /** @param most how many callers are told apart */
    Buckets(int perSecond, int burst, TimeMeter time, int most) {
        this.most = most;
        this.mayMakeRoomAt = new AtomicLong(time.currentTimeNanos());
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
        return buckets.size() < most || makeRoom() ? buckets.computeIfAbsent(caller, _ -> fill()) : shared;
    }

    /** All of them are looked at, so not for each newcomer. */
    private boolean makeRoom() {
        long now = time.currentTimeNanos();
        long due = mayMakeRoomAt.get();
        if (now - due >= 0 && mayMakeRoomAt.compareAndSet(due, now + PAUSE)) {
            dropFull();
        }
        return buckets.size() < most;
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
