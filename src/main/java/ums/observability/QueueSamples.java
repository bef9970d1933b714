package ums.observability;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import ums.failure.OpenFailures;
import ums.queue.QueueCounts;

/**
 * Samples the queue every two seconds, however many readers there are: meters, alerts, health and the console all read
 * the last sample. If the database does not answer there is none, as a stale figure would be believed.
 */
@Component
public class QueueSamples {

    private static final Logger log = LoggerFactory.getLogger(QueueSamples.class);
    private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(5);

    private final QueueCounts queue;
    private final OpenFailures failures;
    private final Clock clock;
    private volatile @Nullable Taken taken;

    QueueSamples(QueueCounts queue, OpenFailures failures, Clock clock) {
        this.queue = queue;
        this.failures = failures;
        this.clock = clock;
    }

    /** The last sample; empty if it is older than five seconds. No I/O. */
    public Optional<QueueSample> latest() {
        Taken last = taken;
        return last == null || System.nanoTime() - last.nanoTime > MAX_AGE
                ? Optional.empty()
                : Optional.of(last.sample);
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void sample() {
        long begun = System.nanoTime();
        Instant now = clock.instant();
        try {
            QueueCounts.Counts counts = queue.count();
            Duration age =
                    queue.oldestDue(now).map(it -> Duration.between(it, now)).orElse(Duration.ZERO);
            taken = new Taken(
                    new QueueSample(counts.ready(), counts.delayed(), counts.processing(), age, failures.count()),
                    begun);
        } catch (DataAccessException | TransactionException e) {
            log.debug("The queue was not sampled: {}", e.toString());
        }
    }

    /** @param nanoTime when the sample began, by the monotonic clock */
    private record Taken(QueueSample sample, long nanoTime) {}
}
