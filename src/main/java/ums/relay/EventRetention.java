package ums.relay;

import java.time.Instant;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/**
 * Removes events that were relayed long ago. Without Kafka it removes unrelayed ones too, as nothing will relay them.
 */
@Component
class EventRetention implements Removal {

    private static final int STEP = 1_000;

    private final EventRepository events;
    private final RetentionProperties properties;
    private final boolean relayedOnly;

    EventRetention(EventRepository events, RetentionProperties properties, KafkaProperties kafka) {
        this.events = events;
        this.properties = properties;
        this.relayedOnly = kafka.configured();
    }

    @Override
    public void removeOld(Instant now) {
        Instant before = now.minus(properties.outbox());
        int removed = STEP;
        while (removed == STEP) {
            removed = relayedOnly ? events.removeRelayed(before, STEP) : events.removeAll(before, STEP);
        }
    }
}
