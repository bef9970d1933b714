package ums.observability;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * What waits in the queue, against the bound that is also alerted on: {@code backlog} in the health. Of all processes, and in
 * no group: to turn callers away would not make it shorter.
 */
@Component
class BacklogHealthIndicator implements HealthIndicator {

    private final QueueSamples samples;
    private final AlertProperties bounds;

    BacklogHealthIndicator(QueueSamples samples, AlertProperties bounds) {
        this.samples = samples;
        this.bounds = bounds;
    }

    @Override
    public Health health() {
        return samples.latest()
                .map(it -> (it.oldestAge().compareTo(bounds.oldestAge()) > 0
                                ? Health.status(SmtpHealthIndicator.DEGRADED)
                                : Health.up())
                        .withDetail("ready", it.ready())
                        .withDetail("delayed", it.delayed())
                        .withDetail("processing", it.processing())
                        .withDetail("oldestAgeSeconds", it.oldestAge().toSeconds())
                        .withDetail("boundSeconds", bounds.oldestAge().toSeconds())
                        .withDetail("openFailures", it.openFailures())
                        .build())
                .orElseGet(() -> Health.unknown()
                        .withDetail("reason", "the queue could not be looked at")
                        .build());
    }
}
