package ums.relay;

import java.time.Duration;
import java.time.Instant;

/** One process's hold on the {@link RelayLease}: it is taken for 15 seconds and renewed every five. Not thread-safe. */
final class LeaseHolder {

    /** How often the lease is renewed. */
    static final Duration RENEWAL = Duration.ofSeconds(5);

    private static final Duration LEASE = Duration.ofSeconds(15);

    private final RelayLease lease;
    private final String owner;
    private Instant heldAt = Instant.MIN;

    /** @param owner a name that no other process has */
    LeaseHolder(RelayLease lease, String owner) {
        this.lease = lease;
        this.owner = owner;
    }

    /** Takes or renews the lease where that is due; false where another process has it. */
    boolean holds(Instant now) {
        if (hasPassed(heldAt, RENEWAL, now)) {
            heldAt = lease.hold(owner, LEASE) ? now : Instant.MIN;
        }
        return !heldAt.equals(Instant.MIN);
    }

    /** Asks the database again before the next poll. */
    void reset() {
        heldAt = Instant.MIN;
    }

    void release() {
        lease.release(owner);
    }

    /** Whether a duration has passed; true also where it never began, or the clock was set back since. */
    static boolean hasPassed(Instant since, Duration duration, Instant now) {
        return since.equals(Instant.MIN)
                || since.isAfter(now)
                || !since.plus(duration).isAfter(now);
    }
}
