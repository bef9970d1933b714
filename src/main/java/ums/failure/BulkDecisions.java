package ums.failure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import ums.channel.ErrorType;

/** Decides about many open failures, the oldest first, each in a transaction of its own, so that no lock is held for long. */
@Service
public class BulkDecisions {

    private static final UUID FIRST = new UUID(0, 0);
    private static final int STEP = 100;

    /** At most 500 messages a second come back into the queue: what failed once should not now drown the rest. */
    private static final Duration STEP_TAKES = Duration.ofMillis(200);

    private final Failures failures;
    private final FailureRepository repository;
    private final Clock clock;

    BulkDecisions(Failures failures, FailureRepository repository, Clock clock) {
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
    public int retry(Selection wish, String admin, String reason) {
        return each(wish, true, id -> failures.retry(id, admin, reason));
    }

    /**
     * Ends them as {@link Failures#resolve} does one; those that do not allow the decision, or that somebody else handles
     * meanwhile, are passed over.
     *
     * @return how many were ended
     */
    public int resolve(Selection wish, Decision decision, String admin, String reason) {
        return each(wish, false, id -> failures.resolve(id, decision, admin, reason));
    }

    private int each(Selection wish, boolean toSend, Function<UUID, Optional<SendFailure>> decision) {
        Instant now = clock.instant();
        // What fails again while this runs is not retried again, or it would go round for ever.
        Instant before = wish.to() == null || wish.to().isAfter(now) ? now.plusMillis(1) : wish.to();
        int decided = 0;
        UUID after = FIRST;
        while (true) {
            long begun = System.nanoTime();
            int max = Math.min(STEP, wish.limit() - decided);
            List<UUID> step = repository.open(wish, toSend ? now : Instant.EPOCH, before, after, max);
            for (UUID id : step) {
                decided += decideOne(id, decision);
                after = id;
            }
            if (step.size() < max || decided == wish.limit() || toSend && !waitedSince(begun)) {
                return decided;
            }
        }
    }

    private static int decideOne(UUID id, Function<UUID, Optional<SendFailure>> decision) {
        try {
            return decision.apply(id).isPresent() ? 1 : 0;
        } catch (DecisionRefusedException _) {
            return 0;
        }
    }

    /**
     * Asleep, as all that is left to do is to let time pass: who decided waits for the answer, on a thread of his own.
     *
     * @return false where the process is to stop
     */
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
     * Which failures to decide about.
     *
     * @param type only those, or null
     * @param group only those of that {@link FailureGroups.Group}, or null
     * @param from only those that occurred then or later, or null
     * @param to only those that occurred before, or null
     * @param limit how many at most
     */
    public record Selection(
            @Nullable ErrorType type,
            @Nullable String group,
            @Nullable Instant from,
            @Nullable Instant to,
            int limit) {}
}
