package ums.relay;

import java.time.Instant;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/** Removes events that were told long ago; without Kafka the others too, as nobody tells them any more. */
@Component
class EventRetention implements Removal {

    private static final int STEP = 1_000;

    private final EventRepository events;
    private final RetentionProperties properties;
    private final boolean toldOnly;

    EventRetention(EventRepository events, RetentionProperties properties, KafkaProperties kafka) {
        this.events = events;
        this.properties = properties;
        this.toldOnly = kafka.configured();
    }

    @Override
    public void removeOld(Instant now) {
        Instant before = now.minus(properties.outbox());
        int removed = STEP;
        while (removed == STEP) {
            removed = toldOnly ? events.removeTold(before, STEP) : events.removeAll(before, STEP);
        }
    }
}
