package ums.observability;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.delivery.ConditionalOnDuty;
import ums.delivery.DispatchVitals;
import ums.delivery.Duty;

/**
 * Whether this process claims and sends: {@code dispatcher} in the health of processes with that role. In no health
 * group: a process that does not send still accepts messages, and others send them.
 */
@Component
@ConditionalOnDuty(Duty.SEND)
class DispatcherHealthIndicator implements HealthIndicator {

    private final DispatchVitals vitals;

    DispatcherHealthIndicator(DispatchVitals vitals) {
        this.vitals = vitals;
    }

    @Override
    public Health health() {
        Health.Builder health = switch (vitals.state()) {
            case WELL -> Health.up();
            case FALTERING -> Health.status(ProvidersHealthIndicator.DEGRADED);
            case DOWN -> Health.down();
        };
        return health.withDetail("secondsWithoutTurn", vitals.withoutPoll().toSeconds())
                .withDetail("beating", vitals.beating())
                .withDetail("lastBeatSecondsAgo", vitals.heartbeatAge().toSeconds())
                .withDetail("claiming", vitals.claiming())
                .withDetail("inFlight", vitals.inFlight())
                .withDetail("concurrency", vitals.concurrency())
                .build();
    }
}
