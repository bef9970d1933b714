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
import ums.channel.ErrorType;
import ums.clock.ClockSkew;
import ums.delivery.ClaimsRescued;
import ums.delivery.WentOn;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageStatus;
import ums.observability.AlertProperties;
import ums.observability.QueueSample;
import ums.observability.alert.AlertBook.Subject;
import ums.provider.CircuitChanged;

/**
 * Detects trouble and its end and reports both to operators: to the log, as meters, and to a webhook if one is
 * configured. Listeners only record events; nothing here blocks.
 */
class Alerts {

    private static final Logger log = LoggerFactory.getLogger("ums.alerts");
    private static final Duration MAX_OUTAGE = Duration.ofSeconds(10);
    private static final Duration SECONDS_BELOW = Duration.ofMinutes(2);

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
                            .description("alerts sent, all-clears not counted")
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
            addRefusal(type, each.update().provider());
            MessageStatus status = each.update().status();
            if (status == MessageStatus.FAILED || status == MessageStatus.MANUAL_REVIEW) {
                add(AlertKind.MESSAGES_FAILED, 1, status + " by " + type);
            }
        }
    }

    /** The message may be sent by now, but its first provider needs an operator all the same. */
    @EventListener
    void onWentOn(WentOn went) {
        addRefusal(went.failure().type(), went.failure().provider());
    }

    @EventListener
    void onCircuitChanged(CircuitChanged changed) {
        String detail = changed.provider() + " at " + changed.endpoint() + ", " + changed.reason();
        book.set(new Subject(AlertKind.CIRCUIT_OPEN, changed.provider()), changed.open(), detail, clock.instant())
                .ifPresent(this::report);
    }

    @EventListener
    void onClaimsRescued(ClaimsRescued rescued) {
        add(AlertKind.CLAIMS_RECLAIMED, rescued.count(), "claims rescued");
    }

    /** Checks the conditions that are known without I/O. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void watch() {
        Instant now = clock.instant();
        Optional<QueueSample> sample = watched.samples.get();
        watchDatabase(sample.isPresent(), now);
        sample.ifPresent(it -> set(
                AlertKind.BACKLOG_OLD,
                it.oldestAge().compareTo(properties.oldestAge()) > 0,
                "for " + describe(it.oldestAge()) + ", with " + it.ready() + " ready and " + it.delayed()
                        + " delayed"));
        long free = watched.freeDisk.getAsLong();
        set(AlertKind.DISK, free < properties.minFreeDisk().toBytes(), (free >> 20) + " MB are free where ums.home is");
        watched.skew
                .get()
                .ifPresent(it -> set(
                        AlertKind.CLOCK_SKEW,
                        it.abs().compareTo(ClockSkew.BOUND) > 0,
                        "this one is " + describe(it.abs()) + (it.isNegative() ? " behind" : " ahead")));
        book.due(now).forEach(this::report);
    }

    /** The only check that queries the database, so it runs rarely. */
    @Scheduled(initialDelay = 5, fixedDelay = 15, timeUnit = TimeUnit.SECONDS)
    void watchHorizon() {
        try {
            Optional<VacuumHorizon.Holder> oldest = watched.horizon.get();
            set(
                    AlertKind.OLD_SNAPSHOT,
                    oldest.isPresent()
                            && oldest.get().seconds()
                                    >= properties.oldestSnapshot().toSeconds(),
                    oldest.map(it -> it.holder() + " for " + describe(Duration.ofSeconds(it.seconds())))
                            .orElse(""));
        } catch (DataAccessException | TransactionException e) {
            log.debug("The vacuum horizon was not read: {}", e.toString());
        }
    }

    /** Reported after ten seconds without a sample, as a late sample is not an outage. */
    private void watchDatabase(boolean answers, Instant now) {
        if (answers) {
            unansweredSince = null;
        } else if (unansweredSince == null) {
            unansweredSince = now;
        }
        Instant since = unansweredSince;
        if (since == null || !since.plus(MAX_OUTAGE).isAfter(now)) {
            set(AlertKind.DATABASE, since != null, "the queue cannot be read, messages are neither accepted nor sent");
        }
    }

    private void addRefusal(ErrorType type, @Nullable String refusedBy) {
        AlertKind kind = switch (type) {
            case AUTHENTICATION -> AlertKind.AUTHENTICATION_REFUSED;
            case ACCOUNT -> AlertKind.ACCOUNT_REFUSED;
            default -> null;
        };
        if (kind == null) {
            return;
        }
        String provider = String.valueOf(refusedBy);
        book.add(new Subject(kind, provider), 1, "provider " + provider, clock.instant())
                .ifPresent(this::report);
    }

    private void add(AlertKind kind, long times, String detail) {
        book.add(kind, times, detail, clock.instant()).ifPresent(this::report);
    }

    private void set(AlertKind kind, boolean holds, String detail) {
        book.set(kind, holds, detail, clock.instant()).ifPresent(this::report);
    }

    private void report(Alert alert) {
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
     * The sources of the conditions. Only the last one queries the database.
     *
     * @param samples the queue's last sample; empty if the queue cannot be read
     * @param freeDisk the free bytes on the disk with {@code ums.home}
     * @param skew how far this process's clock is ahead of the database's; empty before the first comparison
     * @param horizon the transaction that holds back the vacuum horizon
     */
    record Watched(
            Supplier<Optional<QueueSample>> samples,
            LongSupplier freeDisk,
            Supplier<Optional<Duration>> skew,
            Supplier<Optional<VacuumHorizon.Holder>> horizon) {}

    private static String describe(Duration duration) {
        return duration.compareTo(SECONDS_BELOW) < 0 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
    }
}
