package ums.relay;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;

/** Has events told once more. Any process can be asked; the one that relays does it. */
@Service
public class Replays {

    private final EventRepository events;
    private final AuditLog audit;
    private final KafkaProperties kafka;
    private final Clock clock;

    Replays(EventRepository events, AuditLog audit, KafkaProperties kafka, Clock clock) {
        this.events = events;
        this.audit = audit;
        this.kafka = kafka;
        this.clock = clock;
    }

    /** Whether there is anybody to tell. */
    public boolean possible() {
        return kafka.configured();
    }

    /**
     * Has the events told again that were told before and whose changes were in a span of time, as far as they are kept
     * ({@code ums.retention.outbox}); who asked for it is in the audit log by the same commit.
     *
     * @param from the first moment
     * @param to the moment after the last one; what changes from now on is not in it
     * @return how many
     */
    @Transactional
    public long replay(Instant from, Instant to, String admin, @Nullable String reason) {
        Instant now = clock.instant();
        Instant end = to.isAfter(now) ? now : to;
        long count = events.count(from, end);
        if (count > 0) {
            events.ask(from, end);
        }
        audit.record(admin, "relay.replay", "events:" + from + "/" + to, reason);
        return count;
    }
}
