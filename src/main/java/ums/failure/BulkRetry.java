package ums.failure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import ums.channel.ErrorType;

/** Retries many open failures, the oldest first, each in a transaction of its own, so that no lock is held for long. */
@Service
public class BulkRetry {

    private static final UUID FIRST = new UUID(0, 0);
    private static final int STEP = 100;

    /** At most 500 messages a second come back into the queue: what failed once should not now drown the rest. */
    private static final Duration STEP_TAKES = Duration.ofMillis(200);

    private final Failures failures;
    private final FailureRepository repository;
    private final Clock clock;

    BulkRetry(Failures failures, FailureRepository repository, Clock clock) {
        this.failures = failures;
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * Retries them as {@link Failures#retry} does one; those that cannot be retried, or that somebody else handles
     * meanwhile, are passed over. Where it is broken off by a fault, those retried so far stay retried.
     *
     * @return how many were retried
     */
    public int retry(Wish wish, String admin, String reason) {
        Instant now = clock.instant();
        // What fails again while this runs is not retried again, or it would go round for ever.
        Instant before = wish.to() == null || wish.to().isAfter(now) ? now.plusMillis(1) : wish.to();
        int retried = 0;
        UUID after = FIRST;
        while (true) {
            long begun = System.nanoTime();
            int max = Math.min(STEP, wish.limit() - retried);
            List<UUID> step = repository.retryable(wish, now, before, after, max);
            for (UUID id : step) {
                retried += retryOne(id, admin, reason);
                after = id;
            }
            if (step.size() < max || retried == wish.limit() || !waitedSince(begun)) {
                return retried;
            }
        }
    }

    private int retryOne(UUID id, String admin, String reason) {
        try {
            return failures.retry(id, admin, reason).isPresent() ? 1 : 0;
        } catch (DecisionRefusedException _) {
            return 0;
        }
    }

    /** @return false where the process is to stop */
    private static boolean waitedSince(long begun) {
        try {
            Thread.sleep(STEP_TAKES.minusNanos(System.nanoTime() - begun));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Which failures to retry.
     *
     * @param type only those, or null
     * @param from only those that occurred then or later, or null
     * @param to only those that occurred before, or null
     * @param limit how many at most
     */
    public record Wish(
            @Nullable ErrorType type,
            @Nullable Instant from,
            @Nullable Instant to,
            int limit) {}
}
