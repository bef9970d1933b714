package ums.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Begins the attempt of a claimed message where a provider of it is available and its memory and its bulkhead have capacity. Else
 * the message is snoozed, so that it holds no permit while it waits.
 */
final class AdmissionControl {

    private static final Duration PROVIDER_UNAVAILABLE = Duration.ofSeconds(5);
    private static final Duration CONTENT_NOT_READ = Duration.ofSeconds(1);

    private final Routes routes;
    private final BodyBudget memory;
    private final Bulkheads bulkheads;
    private final Claims claims;
    private final AttemptExecutor executor;
    private final Clock clock;

    AdmissionControl(
            Routes routes,
            BodyBudget memory,
            Bulkheads bulkheads,
            Claims claims,
            AttemptExecutor executor,
            Clock clock) {
        this.routes = routes;
        this.memory = memory;
        this.bulkheads = bulkheads;
        this.claims = claims;
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * Returns when the message is settled or snoozed.
     *
     * @return when it is due again, or null where its queue entry is done
     */
    @Nullable Instant process(ClaimedMessage claimed) throws InterruptedException {
        if (!routes.isAvailable(claimed, clock.instant())) {
            return snooze(claimed, PROVIDER_UNAVAILABLE);
        }
        long length = claimed.message().unread();
        if (length == 0) {
            return inBulkhead(claimed);
        }
        Duration wait = memory.acquire(claimed.message().id(), length);
        if (!wait.isZero()) {
            return snooze(claimed, wait);
        }
        try {
            return inBulkhead(claimed);
        } finally {
            memory.release(length);
        }
    }

    private @Nullable Instant inBulkhead(ClaimedMessage claimed) throws InterruptedException {
        String bulkhead = routes.bulkhead(claimed);
        Duration wait = bulkheads.acquire(bulkhead);
        if (!wait.isZero()) {
            return snooze(claimed, wait);
        }
        try {
            ClaimedMessage whole = whole(claimed);
            return whole == null ? snooze(claimed, CONTENT_NOT_READ) : executor.process(whole);
        } finally {
            bulkheads.release(bulkhead);
        }
    }

    /** Null where the database cannot be read now. */
    private @Nullable ClaimedMessage whole(ClaimedMessage claimed) {
        try {
            return claims.whole(claimed);
        } catch (DataAccessException _) {
            return null;
        }
    }

    private Instant snooze(ClaimedMessage claimed, Duration wait) throws InterruptedException {
        Instant until = clock.instant().plus(wait);
        executor.snooze(claimed, until);
        return until;
    }
}
