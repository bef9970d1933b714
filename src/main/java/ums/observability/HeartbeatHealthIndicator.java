package ums.observability;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.delivery.DispatchVitals;

/**
 * Whether a process that sends has ever written a heartbeat: {@code heartbeat} in the health and in readiness. Before
 * the first one it claims nothing, most likely because of its configuration. Later missed heartbeats show in
 * {@code dispatcher}, as the process still accepts messages. Always up in a process that does not send.
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
