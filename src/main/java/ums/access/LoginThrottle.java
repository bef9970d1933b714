package ums.access;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failed log-ins by address. After ten within a minute the address must wait until the first of them is a minute old.
 */
final class LoginThrottle {

    private static final int FAILURES = 10;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);
    private static final int ADDRESSES = 10_000;

    private final LongSupplier nanoTime;

    /** Bounded: the address that failed longest ago is removed first. */
    private final Map<String, Deque<Long>> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
            return size() > ADDRESSES;
        }
    };

    LoginThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How many seconds the address must wait before its next log-in is checked; 0 if none. */
    synchronized long secondsToWait(String address) {
        if (!failures.containsKey(address)) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        Deque<Long> times = recent(address, now);
        return times.size() < FAILURES ? 0 : Math.ceilDiv(times.getFirst() + WINDOW - now, TimeUnit.SECONDS.toNanos(1));
    }

    synchronized void failed(String address) {
        long now = nanoTime.getAsLong();
        recent(address, now).add(now);
    }

    private Deque<Long> recent(String address, long now) {
        Deque<Long> times = failures.computeIfAbsent(address, _ -> new ArrayDeque<>(FAILURES));
        while (!times.isEmpty() && now - times.getFirst() >= WINDOW) {
            times.removeFirst();
        }
        return times;
    }
}
