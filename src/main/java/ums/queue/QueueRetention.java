package ums.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/** Removes entries that have been DONE for long enough, from the oldest row up to the youngest that can be old enough. */
@Component
class QueueRetention implements Removal {

    private static final int STEP = 500;

    private final Queue queue;
    private final RetentionProperties properties;

    QueueRetention(Queue queue, RetentionProperties properties) {
        this.queue = queue;
        this.properties = properties;
    }

    @Override
    public void removeOld(Instant now) {
        @Nullable Long last = 0L;
        while (last != null) {
            last = queue.removePublished(now.minus(properties.outbox()), last, STEP);
        }
    }
}
