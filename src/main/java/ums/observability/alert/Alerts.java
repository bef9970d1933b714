package ums.observability.alert;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.CircuitChanged;
import ums.channel.ErrorType;
import ums.clock.ClockSkew;
import ums.delivery.ClaimsRescued;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageStatus;
import ums.observability.AlertProperties;
import ums.observability.QueueSample;

/**
 * Watches over the service and tells the operator of trouble, and of its end: to the log, as meters, and to a webhook where
 * one is configured. Listeners only note what happened; nothing here waits for anybody.
 */
class Alerts {

    private static final Logger log = LoggerFactory.getLogger("ums.alerts");
    private static final Duration UNANSWERED = Duration.ofSeconds(10);
    private static final Duration IN_SECONDS = Duration.ofMinutes(2);

    private final AlertBook book;
    private final AlertProperties properties;
    private final Consumer<Alert> webhook;
    private final Watched watched;
    private final Clock clock;
    private final Map<AlertKind, Counter> sent = new EnumMap<>(AlertKind.class);
    private @Nullable Instant unansweredSince;

    Alerts(AlertProperties properties, Consumer<Alert> webhook, Watched watched, MeterRegistry registry, Clock clock) {
        this.book = new AlertBook(properties.minInterval());
        this.properties = properties;
        this.webhook = webhook;
        this.watched = watched;
        this.clock = clock;
        for (AlertKind kind : AlertKind.values()) {
            sent.put(
                    kind,
                    Counter.builder("alerts.sent")
                            .description("alerts told, all-clears not counted")
                            .tag("kind", kind.name())
                            .register(registry));
            Gauge.builder("alerts.active", book, it -> it.active(kind) ? 1 : 0)
                    .description("whether there is trouble of the kind")
                    .tag("kind", kind.name())
                    .strongReference(true)
                    .register(registry);
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onSettled(AttemptsSettled settled) {
        for (AttemptSettled each : settled.attempts()) {
            ErrorType type = each.errorType();
            if (type == null) {
                continue;
            }
            if (type == ErrorType.AUTHENTICATION) {
                happened(AlertKind.AUTHENTICATION_REFUSED, 1, "channel " + each.channel());
            }
            if (each.status() == MessageStatus.FAILED || each.status() == MessageStatus.MANUAL_REVIEW) {
                happened(AlertKind.MESSAGES_FAILED, 1, each.status() + " by " + type);
            }
        }
    }

    @EventListener
    void onCircuitChanged(CircuitChanged changed) {
        is(AlertKind.CIRCUIT_OPEN, changed.open(), changed.server() + ", " + changed.reason());
    }

    @EventListener
    void onClaimsRescued(ClaimsRescued taken) {
        happened(AlertKind.CLAIMS_RECLAIMED, taken.count(), "claims taken back");
    }

    /** Looks at what is known already. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void watch() {
        Instant now = clock.instant();
        Optional<QueueSample> sample = watched.samples.get();
        watchDatabase(sample.isPresent(), now);
        sample.ifPresent(it -> is(
                AlertKind.BACKLOG_OLD,
                it.oldestAge().compareTo(properties.oldestAge()) > 0,
                "for " + words(it.oldestAge()) + ", with " + it.ready() + " ready and " + it.delayed() + " delayed"));
        long free = watched.freeDisk.getAsLong();
        is(AlertKind.DISK, free < properties.minFreeDisk().toBytes(), (free >> 20) + " MB are free where ums.home is");
        watched.skew
                .get()
                .ifPresent(it -> is(
                        AlertKind.CLOCK_SKEW,
                        it.abs().compareTo(ClockSkew.BOUND) > 0,
                        "this one is " + words(it.abs()) + (it.isNegative() ? " behind" : " ahead")));
        book.due(now).forEach(this::tell);
    }

    /** The only thing here that asks the database, and asked rarely. */
    @Scheduled(initialDelay = 5, fixedDelay = 15, timeUnit = TimeUnit.SECONDS)
    void watchHorizon() {
        try {
            Optional<VacuumHorizon.Holder> oldest = watched.horizon.get();
            is(
                    AlertKind.OLD_SNAPSHOT,
                    oldest.isPresent()
                            && oldest.get().seconds()
                                    >= properties.oldestSnapshot().toSeconds(),
                    oldest.map(it -> it.who() + " for " + words(Duration.ofSeconds(it.seconds())))
                            .orElse(""));
        } catch (DataAccessException | TransactionException e) {
            log.debug("The horizon was not looked at: {}", e.toString());
        }
    }

    /** A sample that is late by a moment is no outage. */
    private void watchDatabase(boolean answers, Instant now) {
        if (answers) {
            unansweredSince = null;
        } else if (unansweredSince == null) {
            unansweredSince = now;
        }
        Instant since = unansweredSince;
        if (since == null || !since.plus(UNANSWERED).isAfter(now)) {
            is(AlertKind.DATABASE, since != null, "the queue cannot be read, messages are neither accepted nor sent");
        }
    }

    private void happened(AlertKind kind, long times, String detail) {
        book.happened(kind, times, detail, clock.instant()).ifPresent(this::tell);
    }

    private void is(AlertKind kind, boolean so, String detail) {
        book.is(kind, so, detail, clock.instant()).ifPresent(this::tell);
    }

    private void tell(Alert alert) {
        if (alert.firing()) {
            Counter counter = sent.get(alert.kind());
            if (counter != null) {
                counter.increment();
            }
            log.atError()
                    .addKeyValue("alert", alert.kind())
                    .addKeyValue("count", alert.count())
                    .addKeyValue("since", alert.since())
                    .log("{}", alert.text());
        } else {
            log.atWarn()
                    .addKeyValue("alert", alert.kind())
                    .addKeyValue("since", alert.since())
                    .log("{}", alert.text());
        }
        webhook.accept(alert);
    }

    /**
     * What is looked at, and known already but for the last.
     *
     * @param samples the queue; empty where it cannot be read
     * @param freeDisk bytes where {@code ums.home} is
     * @param skew by how much this process's clock is ahead of the database's; empty where they were never compared
     * @param horizon who keeps the database from being vacuumed
     */
    record Watched(
            Supplier<Optional<QueueSample>> samples,
            LongSupplier freeDisk,
            Supplier<Optional<Duration>> skew,
            Supplier<Optional<VacuumHorizon.Holder>> horizon) {}

    private static String words(Duration duration) {
        return duration.compareTo(IN_SECONDS) < 0 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
    }
}
