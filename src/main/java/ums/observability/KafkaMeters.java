package ums.observability;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import ums.relay.ConditionalOnKafka;
import ums.relay.KafkaActivity;

/** The meters of the Kafka relay, if it is configured. */
@Component
@ConditionalOnKafka
class KafkaMeters {

    private final MeterRegistry registry;
    private final AtomicInteger onTopic = new AtomicInteger();

    KafkaMeters(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("relay.on.topic", onTopic);
        List.of("relay", "worker").forEach(it -> registry.counter("relay.faults", "part", it));
        registry.counter("relay.records.unreadable");
        registry.counter("relay.rescued");
    }

    @EventListener
    void on(KafkaActivity activity) {
        switch (activity) {
            case KafkaActivity.Published it ->
                registry.counter("relay.published", "topic", it.topic()).increment(it.records());
            case KafkaActivity.Consumed it -> {
                registry.counter("relay.records", "claimed", "true").increment(it.claimed());
                registry.counter("relay.records", "claimed", "false").increment(it.records() - it.claimed());
            }
            case KafkaActivity.Unreadable _ ->
                registry.counter("relay.records.unreadable").increment();
            case KafkaActivity.Rescued it -> registry.counter("relay.rescued").increment(it.entries());
            case KafkaActivity.OnTopic it -> onTopic.set(it.entries());
            case KafkaActivity.Fault it ->
                registry.counter("relay.faults", "part", it.part()).increment();
        }
    }
}
