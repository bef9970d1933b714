package ums.access;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * When each key was last used, to the minute. A request looks, and writes only the first time in a minute, into memory;
 * what is new goes to the database at most once a minute.
 */
final class KeyUse {

    private final Map<UUID, Long> minutes = new ConcurrentHashMap<>();
    private final Map<UUID, Long> unwritten = new ConcurrentHashMap<>();
    private final Clock clock;

    KeyUse(Clock clock) {
        this.clock = clock;
    }

    void note(UUID key) {
        long minute = clock.millis() / TimeUnit.MINUTES.toMillis(1);
        Long last = minutes.get(key);
        if (last == null || last < minute) {
            minutes.put(key, minute);
            unwritten.put(key, minute);
        }
    }

    /** What is to be written, and is no longer after {@link #written}. */
    Map<UUID, Instant> news() {
        Map<UUID, Instant> news = new ConcurrentHashMap<>();
        unwritten.forEach((key, minute) -> news.put(key, Instant.ofEpochSecond(TimeUnit.MINUTES.toSeconds(minute))));
        return news;
    }

    /** Forgets what was written; a use since then stays. */
    void written(Map<UUID, Instant> news) {
        news.forEach((key, at) -> unwritten.remove(key, TimeUnit.SECONDS.toMinutes(at.getEpochSecond())));
    }
}
