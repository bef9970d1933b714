package ums.relay;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;

/** Requests that events are relayed once more. Any process can be asked; the relaying process does it. */
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

    /** Whether Kafka is configured. */
    public boolean possible() {
        return kafka.configured();
    }

    /**
     * Requests a replay of the relayed events whose changes fall into a span of time, as far as they are retained
     * ({@code ums.retention.outbox}). The audit log records the admin in the same transaction.
     *
     * @param from the start of the span, inclusive
     * @param to the end of the span, exclusive; at most the present
     * @return how many events will be relayed again
     */
    @Transactional
    public long replay(Instant from, Instant to, String admin, @Nullable String reason) {
        Instant now = clock.instant();
        Instant end = to.isAfter(now) ? now : to;
        long count = events.count(from, end);
        if (count > 0) {
            events.requestReplay(from, end);
        }
        audit.record(admin, "relay.replay", "events:" + from + "/" + to, reason);
        return count;
    }
}
