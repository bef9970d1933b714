package ums.observability;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import ums.relay.ConditionalOnKafka;
import ums.relay.KafkaNews;

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
        registry.counter("relay.taken.back");
    }

    @EventListener
    void on(KafkaNews news) {
        switch (news) {
            case KafkaNews.Published it ->
                registry.counter("relay.published", "topic", it.topic()).increment(it.records());
            case KafkaNews.Consumed it -> {
                registry.counter("relay.records", "claimed", "true").increment(it.claimed());
                registry.counter("relay.records", "claimed", "false").increment(it.records() - it.claimed());
            }
            case KafkaNews.Unreadable _ ->
                registry.counter("relay.records.unreadable").increment();
            case KafkaNews.Rescued it -> registry.counter("relay.taken.back").increment(it.entries());
            case KafkaNews.OnTopic it -> onTopic.set(it.entries());
            case KafkaNews.Fault it ->
                registry.counter("relay.faults", "part", it.part()).increment();
        }
    }
}
