package ums.throughput;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import ums.clock.ClockSkew;

/**
 * The history of throughput. Every ten seconds it stores how much this process has accepted and sent, as its meters count it,
 * so that the path of a message does not depend on it. It returns the sums over all processes. The figures are for people only:
 * a write whose answer was lost may count twice.
 */
@Component
public class Throughput {

    /** The time that one row covers. */
    public static final Duration STEP = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Throughput.class);
    private static final Duration KEPT = Duration.ofHours(25);

    private final ThroughputRepository repository;
    private final MeterRegistry meters;
    private final Clock clock;
    private final ClockSkew skew;
    private final UUID process = UUID.randomUUID();
    private Counts written = new Counts(0, 0, 0);

    Throughput(ThroughputRepository repository, MeterRegistry meters, Clock clock, ClockSkew skew) {
        this.repository = repository;
        this.meters = meters;
        this.clock = clock;
        this.skew = skew;
    }

    /**
     * The recent history.
     *
     * @param length how far it goes back
     * @param step the time that each point covers, a multiple of {@link #STEP}
     * @return a point for each step that has ended, oldest first; zeros if nothing happened
     */
    public List<Point> since(Duration length, Duration step) {
        Instant end = floor(clock.instant(), step);
        return repository.points(end.minus(length), end, step);
    }

    /** The last step that every process has had the time to store. */
    public Point now() {
        Instant end = floor(clock.instant().minus(Duration.ofSeconds(2)), STEP);
        return repository.points(end.minus(STEP), end, STEP).getFirst();
    }

    /** Runs right after each step, and when the process ends, so that its last step is stored too. Tests call it themselves. */
    @Scheduled(cron = "*/10 * * * * *", zone = "UTC")
    @PreDestroy
    synchronized void write() {
        Counts now = counts();
        Counts added = now.minus(written);
        if (added.isZero()) {
            return;
        }
        try {
            // It runs just after the end of the step that it stores.
            repository.write(floor(clock.instant().minus(STEP.dividedBy(2)), STEP), process, added);
            written = now;
        } catch (DataAccessException | TransactionException e) {
            log.debug("Throughput was not stored; the next step will include it: {}", e.toString());
        }
    }

    @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void removeOld() {
        if (!skew.agrees()) {
            return;
        }
        try {
            repository.removeBefore(clock.instant().minus(KEPT));
        } catch (DataAccessException | TransactionException e) {
            log.debug("Old throughput was not removed: {}", e.toString());
        }
    }

    private Counts counts() {
        return new Counts(
                sum(meters.find("messages.accepted").counters()),
                sum(meters.find("messages.settled").tag("status", "SENT").counters()),
                sum(meters.find("send.failures").counters()));
    }

    private static long sum(Collection<Counter> counters) {
        return Math.round(counters.stream().mapToDouble(Counter::count).sum());
    }

    private static Instant floor(Instant at, Duration step) {
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), step.toSeconds()) * step.toSeconds());
    }

    /**
     * The throughput of a step.
     *
     * @param at when the step began
     * @param accepted messages accepted per second
     * @param sent messages sent per second
     * @param failed failed attempts per second
     */
    public record Point(Instant at, double accepted, double sent, double failed) {}

    /** What a process has counted. */
    record Counts(long accepted, long sent, long failed) {

        Counts minus(Counts other) {
            return new Counts(accepted - other.accepted, sent - other.sent, failed - other.failed);
        }

        boolean isZero() {
            return accepted == 0 && sent == 0 && failed == 0;
        }
    }
}
