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
import ums.queue.LowWaterMark.Marks;
import ums.queue.QueueRepository.Ready;

/**
 * The queue as it moves over a topic. What is on the topic is published, and open until somebody claims it here: a record
 * only says whose turn it is.
 */
@Service
public class RelayedQueue {

    private final RelayRepository repository;
    private final LowWaterMark low;
    private final FairShare oldest = new FairShare();
    private final Clock clock;

    RelayedQueue(RelayRepository repository, LowWaterMark low, Clock clock) {
        this.repository = repository;
        this.low = low;
        this.clock = clock;
    }

    /**
     * Up to {@code max} ready orders that have not expired, in the order in which they would be claimed, but for the
     * {@link FairShare} of the oldest. They stay as they
     * are: whoever asks again before they are {@link #published} gets the same ones.
     */
    public List<RelayedEntry> next(int max) {
        return low.look(from -> next(max, from));
    }

    private List<RelayedEntry> next(int max, Marks from) {
        Instant now = clock.instant();
        int share = from.toTheLast() ? Math.max(1, oldest.of(max)) : oldest.of(max);
        List<RelayedEntry> aged = share == 0 ? List.of() : repository.oldest(share, now, from.byPriority());
        aged.forEach(it -> low.found(it.priority().ordinal(), it.outboxId()));
        List<RelayedEntry> byPriority = repository.ready(max, now, from.byPriority());
        // In the order of the queue, so that the first of a priority is its lowest.
        byPriority.reversed().forEach(it -> low.claimed(it.priority().ordinal(), it.outboxId()));
        Set<RelayedEntry> rest = Set.copyOf(aged);
        // The aged behind what is urgent: a topic is read in the order in which it was written.
        return Stream.concat(
                        byPriority.stream().filter(it -> !rest.contains(it)).limit(max - aged.size()), aged.stream())
                .toList();
    }

    /** Notes, by one statement, that the topic has orders; those that were claimed or ended meanwhile stay as they are. */
    public void published(Collection<Long> outboxIds) {
        repository.published(outboxIds);
    }

    /** How many orders are on the topic and not claimed. */
    public int onTopic() {
        return repository.onTopic();
    }

    /**
     * Claims those of the orders that are ready or on the topic and have not expired; waits for whoever is changing one at
     * this moment. What {@link Queue#claim} says of tokens and lost answers holds here too.
     */
    public List<Claim> claim(UUID token, Claimant by, Collection<Long> outboxIds) {
        return repository.claim(token, by, outboxIds, clock.instant());
    }

    /**
     * Makes ready again what has been on the topic for long.
     *
     * @param age for how long at least, by the database's clock
     * @param max how many at most in this call
     * @return how many
     */
    public int rescue(Duration age, int max) {
        List<Ready> ready = repository.rescue(age, max);
        ready.forEach(it -> low.readyAgain(it.priority(), it.id()));
        return ready.size();
    }
}
