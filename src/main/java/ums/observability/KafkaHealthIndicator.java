package ums.observability;

import org.apache.kafka.common.KafkaException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.relay.ConditionalOnKafka;
import ums.relay.KafkaBroker;

/**
 * Whether Kafka answers: {@code kafka} in the health, if it is configured. In no health group, as messages are accepted
 * and kept without it.
 */
@Component
@ConditionalOnKafka
class KafkaHealthIndicator implements HealthIndicator {

    private final KafkaBroker broker;

    KafkaHealthIndicator(KafkaBroker broker) {
        this.broker = broker;
    }

    @Override
    public Health health() {
        try {
            return Health.up().withDetail("nodes", broker.nodes()).build();
        } catch (KafkaException e) {
            return Health.status(ProvidersHealthIndicator.DEGRADED)
                    .withDetail("reason", e.toString())
                    .build();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Health.unknown().build();
        }
    }
}
