package ums.access;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * When each key was last used, to the minute. Only the first request of a minute writes to memory, and the changes are stored
 * once a minute.
 */
final class KeyUse {

    private final Map<UUID, Long> minutes = new ConcurrentHashMap<>();
    private final Map<UUID, Long> changed = new ConcurrentHashMap<>();
    private final Clock clock;

    KeyUse(Clock clock) {
        this.clock = clock;
    }

    void note(UUID key) {
        long minute = clock.millis() / TimeUnit.MINUTES.toMillis(1);
        Long last = minutes.get(key);
        if (last == null || last < minute) {
            minutes.put(key, minute);
            changed.put(key, minute);
        }
    }

    /** The uses to store, until {@link #written} is called with them. */
    Map<UUID, Instant> unwritten() {
        Map<UUID, Instant> uses = new ConcurrentHashMap<>();
        changed.forEach((key, minute) -> uses.put(key, Instant.ofEpochSecond(TimeUnit.MINUTES.toSeconds(minute))));
        return uses;
    }

    /** Marks uses as stored. A later use of the same key stays unwritten. */
    void written(Map<UUID, Instant> uses) {
        uses.forEach((key, at) -> changed.remove(key, TimeUnit.SECONDS.toMinutes(at.getEpochSecond())));
    }
}
