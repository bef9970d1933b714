package ums.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import ums.queue.RelayedEntry;
import ums.queue.RelayedQueue;

/** The entries that are relayed and not claimed yet: bounded in number, and rescued when stale. Not thread-safe. */
final class TopicBacklog {

    /** Few enough that the other entries can still be overtaken and cancelled in the database, where that works best. */
    static final int MAX = 10_000;

    private static final int MIN_BATCH = Relay.BATCH / 4;

    private final RelayedQueue queue;
    private final Duration staleAfter;
    private final ApplicationEventPublisher notifications;
    private Instant rescuedAt = Instant.MIN;
    private int capacity;

    /** @param staleAfter how long an entry may be relayed and unclaimed before it is published again */
    TopicBacklog(RelayedQueue queue, Duration staleAfter, ApplicationEventPublisher notifications) {
        this.queue = queue;
        this.staleAfter = staleAfter;
        this.notifications = notifications;
    }

    /** Makes stale entries ready again: their record may be lost, or a worker died after it took the record. */
    void rescueStale(Instant now) {
        if (!LeaseHolder.hasPassed(rescuedAt, LeaseHolder.RENEWAL, now)) {
            return;
        }
        int rescued = queue.rescue(staleAfter, MAX);
        if (rescued > 0) {
            notifications.publishEvent(new KafkaActivity.Rescued(rescued));
        }
        rescuedAt = now;
    }

    /**
     * How many entries may be relayed now, a batch at most; 0 where it would be less than a quarter of a batch. Workers only
     * ever make the backlog smaller, so the capacity counted last is a lower bound and the count is not repeated each time.
     */
    int capacity() {
        if (capacity < Relay.BATCH) {
            int onTopic = queue.onTopic();
            notifications.publishEvent(new KafkaActivity.OnTopic(onTopic));
            capacity = MAX - onTopic;
        }
        return capacity < MIN_BATCH ? 0 : Math.min(capacity, Relay.BATCH);
    }

    /** The next ready entries, at most {@code max}. */
    List<RelayedEntry> next(int max) {
        return max == 0 ? List.of() : queue.next(max);
    }

    /** Records that the broker has acknowledged entries. */
    void published(List<RelayedEntry> entries) {
        queue.published(entries.stream().map(RelayedEntry::outboxId).toList());
        capacity -= entries.size();
    }

    /** Counts the backlog again before the next batch. */
    void reset() {
        capacity = 0;
    }
}
