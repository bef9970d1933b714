package ums.observability;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.delivery.DispatchVitals;

/**
 * Whether a process that is to send has ever written a heartbeat: {@code heartbeat} in the health and in readiness. Before
 * that it claims nothing, and what keeps it from beating is most likely the way it was set up. One that misses heartbeats
 * later is {@code dispatcher}'s to tell: it still takes messages. Always up where nothing is sent.
 */
@Component
class HeartbeatHealthIndicator implements HealthIndicator {

    private final ObjectProvider<DispatchVitals> vitals;

    HeartbeatHealthIndicator(ObjectProvider<DispatchVitals> vitals) {
        this.vitals = vitals;
    }

    @Override
    public Health health() {
        DispatchVitals own = vitals.getIfAvailable();
        if (own == null || own.hasBeaten()) {
            return Health.up().build();
        }
        return Health.outOfService()
                .withDetail(
                        "reason",
                        "No heartbeat has been written since the start, and nothing is claimed before there is one;"
                                + " the log says why.")
                .build();
    }
}
