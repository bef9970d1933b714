package ums.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/** Removes published orders, from the oldest row up to the youngest that can be old enough. */
@Component
class QueueRetention implements Removal {

    private static final int STEP = 500;

    private final Queue outbox;
    private final RetentionProperties properties;

    QueueRetention(Queue outbox, RetentionProperties properties) {
        this.outbox = outbox;
        this.properties = properties;
    }

    @Override
    public void removeOld(Instant now) {
        @Nullable Long last = 0L;
        while (last != null) {
            last = outbox.removePublished(now.minus(properties.outbox()), last, STEP);
        }
    }
}
