package ums.observability.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import ums.SettableClock;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.delivery.ClaimsRescued;
import ums.delivery.WentOn;
import ums.logging.MessageLog.Subject;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageStatus;
import ums.message.Settled;
import ums.observability.AlertProperties;
import ums.observability.QueueSample;
import ums.provider.CircuitChanged;

/** Each kind of trouble is reported once, and so is its end. */
class AlertsTest {

    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final SettableClock clock = new SettableClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Alert> delivered = new ArrayList<>();
    private @Nullable Duration oldest = Duration.ZERO;
    private long free = DataSize.ofGigabytes(10).toBytes();
    private @Nullable Duration skew = Duration.ZERO;
    private VacuumHorizon.@Nullable Holder holder;
    private final Alerts alerts = new Alerts(
            new AlertProperties(
                    null, INTERVAL, Duration.ofMinutes(5), DataSize.ofMegabytes(500), Duration.ofMinutes(10)),
            delivered::add,
            new Alerts.Watched(
                    () -> Optional.ofNullable(oldest).map(it -> new QueueSample(3, 2, 1, it, Map.of())),
                    () -> free,
                    () -> Optional.ofNullable(skew),
                    () -> Optional.ofNullable(holder)),
            registry,
            clock);

    @Test
    void nothingIsReportedWithoutTrouble() {
        alerts.watch();
        alerts.watchHorizon();
        alerts.onSettled(settled(MessageStatus.SENT, null));
        alerts.onSettled(settled(MessageStatus.RETRY, ErrorType.DEFERRED));

        assertThat(delivered).isEmpty();
        for (AlertKind kind : AlertKind.values()) {
            assertThat(sent(kind)).as(kind.name()).isZero();
            assertThat(active(kind)).as(kind.name()).isZero();
        }
    }

    @Test
    void failedMessagesAreCounted() {
        alerts.onSettled(settled(MessageStatus.FAILED, ErrorType.REJECTED));
        alerts.onSettled(settled(MessageStatus.FAILED, ErrorType.REJECTED));
        alerts.onSettled(settled(MessageStatus.MANUAL_REVIEW, ErrorType.UNKNOWN_OUTCOME));
        assertThat(delivered).hasSize(1);
        assertThat(active(AlertKind.MESSAGES_FAILED)).isEqualTo(1);

        clock.advance(INTERVAL);
        alerts.watch();
        assertThat(delivered).hasSize(2);
        assertThat(delivered.getLast().count()).isEqualTo(2);
        assertThat(delivered.getLast().text()).contains("FAILED by REJECTED", "MANUAL_REVIEW by UNKNOWN_OUTCOME");

        clock.advance(INTERVAL);
        alerts.watch();
        assertCleared(AlertKind.MESSAGES_FAILED, 3);
        assertThat(sent(AlertKind.MESSAGES_FAILED)).isEqualTo(2);
    }

    @Test
    void reportsAnOpenCircuit() {
        alerts.onCircuitChanged(new CircuitChanged("a", "smtp:25", true, "CONNECT: refused"));
        alerts.watch();
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.text()).contains("smtp:25", "refused"));

        alerts.onCircuitChanged(new CircuitChanged("a", "smtp:25", false, ""));
        assertCleared(AlertKind.CIRCUIT_OPEN, 2);
    }

    @Test
    void reportsRefusedCredentials() {
        alerts.onSettled(settled(MessageStatus.RETRY, ErrorType.AUTHENTICATION));
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.kind()).isEqualTo(AlertKind.AUTHENTICATION_REFUSED));

        clock.advance(INTERVAL);
        alerts.watch();
        assertCleared(AlertKind.AUTHENTICATION_REFUSED, 2);
    }

    @Test
    void reportsARefusedAccount() {
        alerts.onSettled(settled(MessageStatus.RETRY, ErrorType.ACCOUNT));
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.kind()).isEqualTo(AlertKind.ACCOUNT_REFUSED));

        clock.advance(INTERVAL);
        alerts.watch();
        assertCleared(AlertKind.ACCOUNT_REFUSED, 2);
    }

    @Test
    void reportsWhatTheNextProviderHid() {
        Subject subject = new Subject(UUID.randomUUID(), 1, 1, "shop", "email", null);
        alerts.onWentOn(new WentOn(subject, new Failure(ErrorType.CONNECTION, null, "CONNECT", "refused", "a"), "b"));
        assertThat(delivered).isEmpty();

        alerts.onWentOn(new WentOn(subject, new Failure(ErrorType.AUTHENTICATION, "535", "AUTH", "no", "a"), "b"));
        assertThat(delivered).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(AlertKind.AUTHENTICATION_REFUSED);
            assertThat(it.text()).contains("provider a");
        });
    }

    @Test
    void reportsAnOldBacklog() {
        oldest = Duration.ofMinutes(6);
        alerts.watch();
        alerts.watch();
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.text()).contains("6 min", "3 ready"));

        oldest = Duration.ofMinutes(1);
        alerts.watch();
        assertCleared(AlertKind.BACKLOG_OLD, 2);
    }

    @Test
    void reportsRescuedClaims() {
        alerts.onClaimsRescued(new ClaimsRescued(64));
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.count()).isEqualTo(64));

        clock.advance(INTERVAL);
        alerts.watch();
        assertCleared(AlertKind.CLAIMS_RECLAIMED, 2);
    }

    @Test
    void reportsADatabaseOutage() {
        oldest = null;
        alerts.watch();
        assertThat(delivered).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        alerts.watch();
        alerts.watch();
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.kind()).isEqualTo(AlertKind.DATABASE));

        oldest = Duration.ZERO;
        alerts.watch();
        assertCleared(AlertKind.DATABASE, 2);
    }

    @Test
    void reportsAFullDisk() {
        free = DataSize.ofMegabytes(499).toBytes();
        alerts.watch();
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.text()).contains("499 MB"));

        free = DataSize.ofMegabytes(501).toBytes();
        alerts.watch();
        assertCleared(AlertKind.DISK, 2);
    }

    @Test
    void reportsAnOldTransaction() {
        holder = new VacuumHorizon.Holder("process 4711 (psql)", 700);
        alerts.watchHorizon();
        alerts.watchHorizon();
        assertThat(delivered)
                .singleElement()
                .satisfies(it -> assertThat(it.text()).contains("4711 (psql)", "11 min"));

        holder = null;
        alerts.watchHorizon();
        assertCleared(AlertKind.OLD_SNAPSHOT, 2);
    }

    @Test
    void reportsClockSkew() {
        skew = null;
        alerts.watch();
        assertThat(delivered).isEmpty();

        skew = Duration.ofMillis(-5_001);
        alerts.watch();
        assertThat(delivered).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(AlertKind.CLOCK_SKEW);
            assertThat(it.text()).contains("this one is 5 s behind");
        });

        skew = Duration.ofSeconds(5);
        alerts.watch();
        assertCleared(AlertKind.CLOCK_SKEW, 2);
    }

    private void assertCleared(AlertKind kind, int all) {
        assertThat(delivered).hasSize(all);
        assertThat(delivered.getLast().kind()).isEqualTo(kind);
        assertThat(delivered.getLast().firing()).isFalse();
        assertThat(active(kind)).isZero();
    }

    private double sent(AlertKind kind) {
        return registry.get("alerts.sent").tag("kind", kind.name()).counter().count();
    }

    private double active(AlertKind kind) {
        return registry.get("alerts.active").tag("kind", kind.name()).gauge().value();
    }

    private AttemptsSettled settled(MessageStatus status, @Nullable ErrorType type) {
        Failure error = type == null ? null : Failure.of(type, "");
        return new AttemptsSettled(List.of(Settled.one(UUID.randomUUID(), status, 1, error, null)));
    }
}
