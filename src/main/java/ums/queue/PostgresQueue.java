package ums.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import ums.batching.Batcher;
import ums.queue.ChannelScans.ChannelScan;
import ums.queue.LowWaterMark.Marks;
import ums.queue.QueueRepository.Ready;

/** The queue in PostgreSQL. */
@Service
class PostgresQueue implements Queue {

    private static final int DOUBTS_AT_ONCE = 2;
    private static final int LARGEST_DOUBT = 500;

    private final QueueRepository repository;
    private final ClaimRepository claims;
    private final Batcher<Claim, Boolean> doubts;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final ChannelScans scans;
    private final OldestClaim oldestClaim;
    private final FullScan fullScan = FullScan.periodic(System::nanoTime);

    PostgresQueue(
            QueueRepository repository,
            ClaimRepository claims,
            ChannelScans scans,
            OldestClaim oldestClaim,
            ApplicationEventPublisher events,
            Clock clock) {
        this.repository = repository;
        this.claims = claims;
        this.scans = scans;
        this.oldestClaim = oldestClaim;
        this.doubts = new Batcher<>(DOUBTS_AT_ONCE, LARGEST_DOUBT, this::markInDoubt);
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(List<NewEntry> entries) {
        repository.insert(entries);
        events.publishEvent(EntriesAppended.of(
                entries.stream().map(it -> Optional.ofNullable(it.notBefore())).toList()));
    }

    @Override
    public boolean isOpen(UUID aggregateId) {
        return repository.isOpen(aggregateId);
    }

    @Override
    public Optional<QueuePosition> position(UUID aggregateId) {
        return repository.position(aggregateId);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Withdrawn> withdraw(UUID aggregateId) {
        return repository.withdraw(aggregateId);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Withdrawn> expire(Instant now, int max) {
        return repository.expire(now, max);
    }

    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        Instant now = clock.instant();
        return scans.scan(max, (scan, free) -> {
            int limit = by.limit(scan.channel(), free);
            return limit == 0 ? List.of() : scan.mark().scan(from -> claim(scan, token, by, limit, now, from));
        });
    }

    private List<Claim> claim(ChannelScan scan, UUID token, Claimant by, int max, Instant now, Marks from) {
        long[] marks = from.byPriority();
        LowWaterMark lowWaterMark = scan.mark();
        int share = scan.oldest(max, from);
        List<Claim> claimed = new ArrayList<>(max);
        if (share > 0) {
            for (Ranked each : claims.claimOldest(scan.channel(), token, by, share, now, marks)) {
                lowWaterMark.found(each.priority(), each.claim().outboxId());
                claimed.add(each.claim());
            }
        }
        if (claimed.size() < max) {
            List<Ranked> byPriority = claims.claim(scan.channel(), token, by, max - claimed.size(), now, marks);
            // From the last to the first, so that the mark ends at the lowest id of each priority.
            byPriority
                    .reversed()
                    .forEach(
                            it -> lowWaterMark.claimed(it.priority(), it.claim().outboxId()));
            byPriority.forEach(it -> claimed.add(it.claim()));
        }
        return claimed;
    }

    @Override
    public @Nullable Instant releaseDue(Instant now, int max) {
        List<Ready> ready = repository.releaseDue(now, max);
        scans.readyAgain(ready);
        return ready.size() == max ? now : repository.nextDue();
    }

    @Override
    public Set<Claim> settle(List<ClaimResult> results) {
        return claims.settle(results);
    }

    @Override
    public boolean markInDoubt(Claim claim) {
        return doubts.submit(claim);
    }

    private List<Boolean> markInDoubt(List<Claim> all) {
        Set<Claim> standing = claims.markInDoubt(all);
        return all.stream().map(standing::contains).toList();
    }

    @Override
    public boolean assign(Claim claim, String provider) {
        return claims.assign(claim, provider);
    }

    @Override
    public List<Claim> claimed(UUID token) {
        return claims.claimed(token);
    }

    @Override
    public Set<Claim> settled(Collection<Claim> ended) {
        return claims.settled(ended);
    }

    @Override
    public List<StandingClaim> standing(int max) {
        return fromOldestClaim(since -> claims.standing(max, since));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Abandoned> takeOver(UUID token, Orphans orphans, int max) {
        return fromOldestClaim(since -> claims.takeOver(token, orphans, max, since));
    }

    /** @param scan is given the time of the claim to begin at */
    private <T> T fromOldestClaim(Function<String, T> scan) {
        return fullScan.isDue()
                ? fullScan.run(() -> scan.apply(OldestClaim.BEGINNING))
                : scan.apply(oldestClaim.since());
    }

    @Override
    @Transactional
    public @Nullable Long removePublished(Instant publishedBefore, long afterId, int max) {
        return repository.removePublished(publishedBefore, afterId, max);
    }
}
