package ums.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;
import ums.queue.ChannelScans.ChannelScan;
import ums.queue.LowWaterMark.Marks;
import ums.queue.QueueRepository.Ready;

/**
 * The queue over Kafka. A RELAYED entry is on the topic and still open: its record only tells workers to claim it, and the
 * claim is made here, in the database.
 */
@Service
public class RelayedQueue {

    private final RelayRepository repository;
    private final ChannelScans scans;
    private final Clock clock;

    RelayedQueue(RelayRepository repository, ChannelScans scans, Clock clock) {
        this.repository = repository;
        this.scans = scans;
        this.clock = clock;
    }

    /**
     * Returns up to {@code max} ready, unexpired entries in the order in which they would be claimed, and after them the {@link
     * FairShare} of the oldest. Changes nothing: until {@link #published} is called, the next call returns the same entries.
     */
    public List<RelayedEntry> next(int max) {
        Instant now = clock.instant();
        return scans.scan(max, (scan, free) -> scan.mark().scan(from -> next(scan, free, now, from)));
    }

    private List<RelayedEntry> next(ChannelScan scan, int max, Instant now, Marks from) {
        LowWaterMark lowWaterMark = scan.mark();
        int share = scan.oldest(max, from);
        List<RelayedEntry> aged =
                share == 0 ? List.of() : repository.oldest(scan.channel(), share, now, from.byPriority());
        aged.forEach(it -> lowWaterMark.found(it.priority().ordinal(), it.outboxId()));
        List<RelayedEntry> byPriority = repository.ready(scan.channel(), max, now, from.byPriority());
        // From the last to the first, so that the mark ends at the lowest id of each priority.
        byPriority.reversed().forEach(it -> lowWaterMark.claimed(it.priority().ordinal(), it.outboxId()));
        Set<RelayedEntry> rest = Set.copyOf(aged);
        // The oldest come last: a topic is read in the order in which it was written, and HIGH entries must not wait
        // for them.
        return Stream.concat(
                        byPriority.stream().filter(it -> !rest.contains(it)).limit(max - aged.size()), aged.stream())
                .toList();
    }

    /** Marks entries as RELAYED, by one statement. Entries that were claimed or ended meanwhile are left as they are. */
    public void published(Collection<Long> outboxIds) {
        repository.published(outboxIds);
    }

    /** How many entries are on the topic and not claimed. */
    public int onTopic() {
        return repository.onTopic();
    }

    /**
     * Claims the given entries, except for those that are neither READY nor RELAYED and those that have expired. Waits for
     * transactions that hold a lock on one of them. For tokens and lost answers see {@link Queue#claim}.
     */
    public List<Claim> claim(UUID token, Claimant by, Collection<Long> outboxIds) {
        return repository.claim(token, by, outboxIds, clock.instant());
    }

    /**
     * Makes entries ready again that have been on the topic for too long, or seem to have been relayed in the future.
     *
     * @param age how long at least, by the database's clock
     * @param max how many at most in this call
     * @return how many were made ready
     */
    public int rescue(Duration age, int max) {
        List<Ready> ready = repository.rescue(age, max);
        scans.readyAgain(ready);
        return ready.size();
    }
}
