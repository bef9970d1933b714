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
 * Writes down every ten seconds what this process has counted, and reads what all have. It reads the meters that are there
 * anyway, so that the path of a message knows nothing of it. Figures for people: an unanswered write may count twice.
 */
@Component
public class Throughput {

    /** How long one row is about. */
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
     * What happened lately.
     *
     * @param length how far back
     * @param step how long each point is about, a multiple of {@link #STEP}
     * @return each step that is over, oldest first, those in which nothing happened too
     */
    public List<Point> since(Duration length, Duration step) {
        Instant end = floor(clock.instant(), step);
        return repository.points(end.minus(length), end, step);
    }

    /** The last step that every process has had the time to write down. */
    public Point now() {
        Instant end = floor(clock.instant().minus(Duration.ofSeconds(2)), STEP);
        return repository.points(end.minus(STEP), end, STEP).getFirst();
    }

    /** Right after each ten seconds; by hand in tests. When the process ends, so that nothing is left out. */
    @Scheduled(cron = "*/10 * * * * *", zone = "UTC")
    @PreDestroy
    synchronized void write() {
        Counts now = counts();
        Counts news = now.minus(written);
        if (news.isNothing()) {
            return;
        }
        try {
            // The step that is over: the schedule is a moment behind its end.
            repository.write(floor(clock.instant().minus(STEP.dividedBy(2)), STEP), process, news);
            written = now;
        } catch (DataAccessException | TransactionException e) {
            log.debug("Throughput not written, added to the next: {}", e.toString());
        }
    }

    @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void forgetWhatIsOld() {
        if (!skew.agrees()) {
            return;
        }
        try {
            repository.removeBefore(clock.instant().minus(KEPT));
        } catch (DataAccessException | TransactionException e) {
            log.debug("Old throughput not removed: {}", e.toString());
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
     * What happened in a while.
     *
     * @param at when it began
     * @param accepted messages accepted, a second
     * @param sent messages sent, a second
     * @param failed attempts that failed, a second
     */
    public record Point(Instant at, double accepted, double sent, double failed) {}

    /** What a process counted. */
    record Counts(long accepted, long sent, long failed) {

        Counts minus(Counts other) {
            return new Counts(accepted - other.accepted, sent - other.sent, failed - other.failed);
        }

        boolean isNothing() {
            return accepted == 0 && sent == 0 && failed == 0;
        }
    }
}
