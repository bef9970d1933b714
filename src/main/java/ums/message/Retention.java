package ums.message;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import ums.outbox.OutboxService;

/**
 * Removes what was done long ago, in steps of a few milliseconds that hold no lock for longer. Called from time to time by
 * every process that sends; several at once only share the work.
 */
@Service
public class Retention {

    private static final int STEP = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final MessageRepository messages;
    private final OutboxService outbox;
    private final RetentionProperties properties;
    private final Clock clock;

    Retention(MessageRepository messages, OutboxService outbox, RetentionProperties properties, Clock clock) {
        this.messages = messages;
        this.outbox = outbox;
        this.properties = properties;
        this.clock = clock;
    }

    /** Walks both tables from their oldest rows up to the youngest that can be old enough. */
    public void run() {
        Instant now = clock.instant();
        @Nullable Long order = 0L;
        while (order != null) {
            order = outbox.removePublished(now.minus(properties.outbox()), order, STEP);
        }
        @Nullable UUID message = FIRST;
        while (message != null) {
            message = messages.removeEnded(now.minus(properties.messages()), message, STEP);
        }
    }
}
