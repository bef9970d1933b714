package ums.relay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import ums.queue.DueEntries;
import ums.queue.RelayedEntry;
import ums.relay.EventRepository.Replay;

/**
 * Moves ready entries and events from the database to Kafka (a transactional outbox): sends them, waits for the broker's
 * acknowledgement, and only then records it, each by one statement. An entry or event that is not acknowledged stays in the
 * database and is sent again. {@link RelayLoop} calls {@link #poll} over and over, tests call it themselves.
 */
class Relay {

    static final int BATCH = 1_000;

    private static final Duration STANDBY = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration FULL = Duration.ofMillis(50);

    private final TopicBacklog backlog;
    private final DueEntries due;
    private final EventRepository events;
    private final LeaseHolder lease;
    private final RecordPublisher publisher;
    private final Clock clock;
    private Instant scanned = Instant.MIN;

    Relay(
            TopicBacklog backlog,
            DueEntries due,
            EventRepository events,
            LeaseHolder lease,
            RecordPublisher publisher,
            Clock clock) {
        this.backlog = backlog;
        this.due = due;
        this.events = events;
        this.lease = lease;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Publishes a batch of ready entries and one of events.
     *
     * @return how long to wait for a signal before the next poll
     * @throws KafkaException where the broker did not take all of it; what it took is recorded
     */
    Duration poll() throws InterruptedException {
        Instant now = clock.instant();
        if (!lease.holds(now)) {
            return STANDBY;
        }
        boolean scans = LeaseHolder.hasPassed(scanned, IDLE, now);
        if (scans) {
            backlog.rescueStale(now);
            scanned = now.equals(due.release(now, BATCH)) ? Instant.MIN : now;
        }
        publisher.connect();
        int wanted = backlog.capacity();
        RecordPublisher.Batch<RelayedEntry> ready = publisher.send(backlog.next(wanted), EntryRecord::of);
        RecordPublisher.Batch<MessageEvent> changes = publisher.send(events.next(BATCH), EventRecord::of);
        publisher.flush();
        publisher.record(KafkaClients.OUTBOX, ready, backlog::published);
        publisher.record(
                KafkaClients.EVENTS,
                changes,
                it -> events.relayed(it.stream().map(MessageEvent::id).toList()));
        ready.check();
        changes.check();
        boolean replays = scans && replay();
        if (replays || changes.size() == BATCH || (wanted > 0 && ready.size() == wanted)) {
            return Duration.ZERO;
        }
        return wanted == 0 ? FULL : IDLE;
    }

    /** @return whether there was a step of a replay to publish */
    private boolean replay() throws InterruptedException {
        Optional<Replay> asked = events.replay();
        if (asked.isEmpty()) {
            return false;
        }
        List<MessageEvent> step = events.next(asked.get(), BATCH);
        RecordPublisher.Batch<MessageEvent> batch = publisher.send(step, EventRecord::of);
        publisher.flush();
        publisher.record(KafkaClients.EVENTS, batch, _ -> {});
        batch.check();
        if (step.size() < BATCH) {
            events.done(asked.get());
        } else {
            events.replayedUpTo(asked.get(), step.getLast());
        }
        scanned = Instant.MIN;
        return true;
    }

    /** After an error: the next poll opens a new connection and reads the lease and the backlog from the database. */
    void reset() {
        lease.reset();
        backlog.reset();
        publisher.close();
    }

    /** Releases the lease, so that another process relays from now on. */
    void release() {
        reset();
        lease.release();
    }
}
