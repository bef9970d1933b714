package ums.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Claimant;
import ums.queue.NewEntry;
import ums.queue.Orphans;
import ums.queue.Queue;
import ums.queue.QueuePosition;
import ums.queue.StandingClaim;
import ums.queue.Withdrawn;

/** A queue whose first claim is committed, and its answer lost. */
class UnansweredQueue implements Queue {

    private final Queue real;
    private boolean lost;

    UnansweredQueue(Queue real) {
        this.real = real;
    }

    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        List<Claim> claims = real.claim(token, by, max);
        if (!lost) {
            lost = true;
            throw new QueryTimeoutException("committed, and the answer was lost");
        }
        return claims;
    }

    @Override
    public void append(List<NewEntry> entries) {
        real.append(entries);
    }

    @Override
    public boolean isOpen(UUID aggregateId) {
        return real.isOpen(aggregateId);
    }

    @Override
    public Optional<QueuePosition> position(UUID aggregateId) {
        return real.position(aggregateId);
    }

    @Override
    public Optional<Withdrawn> withdraw(UUID aggregateId) {
        return real.withdraw(aggregateId);
    }

    @Override
    public List<Withdrawn> expire(Instant now, int max) {
        return real.expire(now, max);
    }

    @Override
    public @Nullable Instant releaseDue(Instant now, int max) {
        return real.releaseDue(now, max);
    }

    @Override
    public Set<Claim> settle(List<ClaimResult> results) {
        return real.settle(results);
    }

    @Override
    public boolean markInDoubt(Claim claim) {
        return real.markInDoubt(claim);
    }

    @Override
    public boolean assign(Claim claim, String provider) {
        return real.assign(claim, provider);
    }

    @Override
    public List<Claim> claimed(UUID token) {
        return real.claimed(token);
    }

    @Override
    public Set<Claim> settled(Collection<Claim> claims) {
        return real.settled(claims);
    }

    @Override
    public List<StandingClaim> standing(int max) {
        return real.standing(max);
    }

    @Override
    public List<Abandoned> takeOver(UUID token, Orphans orphans, int max) {
        return real.takeOver(token, orphans, max);
    }

    @Override
    public @Nullable Long removePublished(Instant publishedBefore, long afterId, int max) {
        return real.removePublished(publishedBefore, afterId, max);
    }
}
