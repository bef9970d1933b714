package ums.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/**
 * Removes ended messages. An idempotency key is kept for {@link #KEYS_KEPT} in any case: if its message is removed sooner, the
 * key is copied first.
 *
 * <p>The statement that accepts a message searches these keys by its own snapshot. So a message is removed only after every
 * statement has ended that may have begun before the key's copy was committed: such a statement would find neither the message
 * nor the key, and make a second message.
 */
@Component
class MessageRetention implements Removal {

    static final Duration KEYS_KEPT = Duration.ofDays(30);

    private static final int STEP = 500;
    private static final UUID FIRST = new UUID(0, 0);
    /** Statements take milliseconds. If one takes longer than this, the messages are removed by the next run. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final RetentionRepository ledger;
    private final RetentionProperties properties;

    MessageRetention(RetentionRepository ledger, RetentionProperties properties) {
        this.ledger = ledger;
        this.properties = properties;
    }

    /** Scans the ledger from its oldest row up to the youngest one that can be old enough. */
    @Override
    public void removeOld(Instant now) {
        Instant endedBefore = now.minus(properties.messages());
        Instant keysBefore = now.minus(KEYS_KEPT);
        // If messages are kept for longer than keys, no key is younger than its removed message.
        boolean youngKeys = endedBefore.isAfter(keysBefore);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        @Nullable UUID last = FIRST;
        while (last != null) {
            List<UUID> moved = youngKeys ? ledger.moveKeys(endedBefore, keysBefore, last, STEP) : List.of();
            boolean safe = moved.isEmpty() || earlierWritersAreDone(deadline);
            last = ledger.removeEnded(endedBefore, keysBefore, safe ? moved : List.of(), last, STEP);
        }
        int removed = STEP;
        while (removed == STEP) {
            removed = ledger.removeKeys(keysBefore, STEP);
        }
    }

    private boolean earlierWritersAreDone(long deadline) {
        Set<String> earlier = ledger.writers();
        while (!earlier.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            earlier.retainAll(ledger.writers());
        }
        return earlier.isEmpty();
    }
}
