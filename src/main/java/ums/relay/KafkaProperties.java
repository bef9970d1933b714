package ums.relay;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether and how the outbox goes over Kafka (4.2 or newer).
 *
 * @param bootstrapServers brokers as {@code host:port}, separated by commas; unset: no Kafka
 * @param partitions of the topic {@code ums.message-events} where UMS creates it; default: 12
 * @param replicationFactor of topics that UMS creates; default: -1, the broker's default
 * @param properties passed to Kafka's clients as they are, such as {@code security.protocol}; default: none
 */
@ConfigurationProperties("ums.kafka")
public record KafkaProperties(
        @Nullable String bootstrapServers,
        @DefaultValue("12") int partitions,
        @DefaultValue("-1") short replicationFactor,
        @DefaultValue Map<String, String> properties) {

    public KafkaProperties {
        if (partitions < 1 || partitions > 1_000) {
            throw new IllegalArgumentException("ums.kafka.partitions must be from 1 to 1000");
        }
        if (replicationFactor == 0 || replicationFactor < -1) {
            throw new IllegalArgumentException("ums.kafka.replication-factor must be at least 1, or -1");
        }
    }

    /** Whether Kafka is used. */
    public boolean configured() {
        return bootstrapServers != null && !bootstrapServers.isBlank();
    }
}
