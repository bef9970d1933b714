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
import ums.message.NotRoutableException;
import ums.provider.Providers;

/** Decides about many open failures, the oldest first, each in a transaction of its own, so that no lock is held for long. */
@Service
public class BulkDecisions {

    private static final UUID FIRST = new UUID(0, 0);
    private static final int STEP = 100;

    /** At most 500 messages a second are queued again, so that retries do not crowd out new messages. */
    private static final Duration STEP_TAKES = Duration.ofMillis(200);

    private final Failures failures;
    private final FailureRepository repository;
    private final Providers providers;
    private final Clock clock;

    BulkDecisions(Failures failures, FailureRepository repository, Providers providers, Clock clock) {
        this.failures = failures;
        this.repository = repository;
        this.providers = providers;
        this.clock = clock;
    }

    /**
     * Retries each as {@link Failures#retry} does; those that cannot be retried, or that another admin handles meanwhile, are
     * skipped, and so are those of a channel whose route does not have the provider. A fault ends it, and the failures retried
     * so far stay retried.
     *
     * @param provider the id of the only account that may have the messages from now on, or null to leave that as it is
     * @return how many were retried
     * @throws NotRoutableException if no channel's route has the provider
     */
    public int retry(Selection selection, String admin, String reason, @Nullable String provider) {
        if (provider != null
                && providers.live().stream().noneMatch(it -> it.id().equals(provider))) {
            throw NotRoutableException.provider();
        }
        return each(selection, true, id -> failures.retry(id, admin, reason, provider));
    }

    /**
     * Resolves each as {@link Failures#resolve} does; those that do not allow the decision, or that another admin handles
     * meanwhile, are skipped.
     *
     * @return how many were resolved
     */
    public int resolve(Selection selection, Decision decision, String admin, String reason) {
        return each(selection, false, id -> failures.resolve(id, decision, admin, reason));
    }

    private int each(Selection selection, boolean toSend, Function<UUID, Optional<SendFailure>> decision) {
        Instant now = clock.instant();
        // A message that fails again while this runs is not retried again, as this might never end.
        Instant before = selection.to() == null || selection.to().isAfter(now) ? now.plusMillis(1) : selection.to();
        int decided = 0;
        UUID after = FIRST;
        while (true) {
            long begun = System.nanoTime();
            int max = Math.min(STEP, selection.limit() - decided);
            List<UUID> step = repository.open(selection, toSend ? now : Instant.EPOCH, before, after, max);
            for (UUID id : step) {
                decided += decideOne(id, decision);
                after = id;
            }
            if (step.size() < max || decided == selection.limit() || toSend && !paced(begun)) {
                return decided;
            }
        }
    }

    private static int decideOne(UUID id, Function<UUID, Optional<SendFailure>> decision) {
        try {
            return decision.apply(id).isPresent() ? 1 : 0;
        } catch (DecisionRefusedException | NotRoutableException _) {
            return 0;
        }
    }

    /**
     * Sleeps until the step has taken its time. The caller's request waits meanwhile, on a thread of its own.
     *
     * @return false if the thread was interrupted, as the process stops
     */
    private static boolean paced(long begun) {
        try {
            Thread.sleep(STEP_TAKES.minusNanos(System.nanoTime() - begun));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * The failures to decide about.
     *
     * @param type only of this type, or null
     * @param group only of this {@link FailureGroups.Group}, or null
     * @param from only those that occurred at this time or later, or null
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
