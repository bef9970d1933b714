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
 * Removes ended messages. An idempotency key lives for {@link #KEYS_KEPT} in any case: of a message that goes sooner it is
 * written down first.
 *
 * <p>Who accepts asks for such keys in the statement that writes the message, by that statement's snapshot. So a message goes
 * only after every statement is over that may have begun before its key was committed: one of those would find neither the
 * message nor the key, and make a second message.
 */
@Component
class MessageRetention implements Removal {

    static final Duration KEYS_KEPT = Duration.ofDays(30);

    private static final int STEP = 500;
    private static final UUID FIRST = new UUID(0, 0);
    /** Statements last for milliseconds. What is in the way for longer is waited for until the next run. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final RetentionRepository ledger;
    private final RetentionProperties properties;

    MessageRetention(RetentionRepository ledger, RetentionProperties properties) {
        this.ledger = ledger;
        this.properties = properties;
    }

    /** Walks the ledger from its oldest rows up to the youngest that can be old enough. */
    @Override
    public void removeOld(Instant now) {
        Instant endedBefore = now.minus(properties.messages());
        Instant keysBefore = now.minus(KEYS_KEPT);
        // Of messages that are kept for longer no key is young.
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
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            earlier.retainAll(ledger.writers());
        }
        return earlier.isEmpty();
    }
}
