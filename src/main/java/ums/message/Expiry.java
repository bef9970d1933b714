package ums.message;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import ums.queue.Queue;
import ums.queue.Withdrawn;

/**
 * Ends messages whose {@code expiresAt} has passed while they waited, in short steps. A claim passes over them by itself,
 * so how often this runs decides only how soon they are called EXPIRED. Called from time to time by every process that
 * sends; several at once only share the work.
 */
@Service
public class Expiry {

    private static final int STEP = 500;

    private final Queue outbox;
    private final MessageEndings endings;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Expiry(
            Queue outbox,
            MessageEndings endings,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            Clock clock) {
        this.outbox = outbox;
        this.endings = endings;
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
        this.clock = clock;
    }

    /** Ends what has expired up to now and is not claimed; what is claimed is seen again when its attempt is over. */
    public void run() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Integer ended = STEP;
        while (ended != null && ended == STEP) {
            ended = transaction.execute(_ -> step(now));
        }
    }

    private int step(Instant now) {
        List<Withdrawn> expired = outbox.expire(now, STEP);
        if (!expired.isEmpty()) {
            endings.end(expired, MessageStatus.EXPIRED, "expired", now).forEach(events::publishEvent);
        }
        return expired.size();
    }
}
