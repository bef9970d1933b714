package ums.observability;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The queue of all processes against the alert's threshold: {@code backlog} in the health. In no health group, as
 * refusing callers would not shorten it.
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
                                ? Health.status(ProvidersHealthIndicator.DEGRADED)
                                : Health.up())
                        .withDetail("ready", it.ready())
                        .withDetail("delayed", it.delayed())
                        .withDetail("processing", it.processing())
                        .withDetail("oldestAgeSeconds", it.oldestAge().toSeconds())
                        .withDetail("boundSeconds", bounds.oldestAge().toSeconds())
                        .withDetail("openFailures", it.openFailures())
                        .build())
                .orElseGet(() -> Health.unknown()
                        .withDetail("reason", "the queue could not be read")
                        .build());
    }
}
