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

/** A queue whose first claim is committed and never answered. */
class UnansweredQueue implements Queue {

    private final Queue outbox;
    private boolean lost;

    UnansweredQueue(Queue outbox) {
        this.outbox = outbox;
    }

    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        List<Claim> claims = outbox.claim(token, by, max);
        if (!lost) {
            lost = true;
            throw new QueryTimeoutException("committed, but who knows");
        }
        return claims;
    }

    @Override
    public void append(List<NewEntry> orders) {
        outbox.append(orders);
    }

    @Override
    public boolean isOpen(UUID aggregateId) {
        return outbox.isOpen(aggregateId);
    }

    @Override
    public Optional<QueuePosition> position(UUID aggregateId) {
        return outbox.position(aggregateId);
    }

    @Override
    public Optional<Withdrawn> withdraw(UUID aggregateId) {
        return outbox.withdraw(aggregateId);
    }

    @Override
    public List<Withdrawn> expire(Instant now, int max) {
        return outbox.expire(now, max);
    }

    @Override
    public @Nullable Instant releaseDue(Instant now, int max) {
        return outbox.releaseDue(now, max);
    }

    @Override
    public Set<Claim> settle(List<ClaimResult> endings) {
        return outbox.settle(endings);
    }

    @Override
    public boolean doubt(Claim claim) {
        return outbox.doubt(claim);
    }

    @Override
    public List<Claim> claimed(UUID token) {
        return outbox.claimed(token);
    }

    @Override
    public Set<Claim> settled(Collection<Claim> claims) {
        return outbox.settled(claims);
    }

    @Override
    public List<StandingClaim> standing(int max) {
        return outbox.standing(max);
    }

    @Override
    public List<Abandoned> takeOver(UUID token, Orphans orphans, int max) {
        return outbox.takeOver(token, orphans, max);
    }

    @Override
    public @Nullable Long removePublished(Instant publishedBefore, long afterId, int max) {
        return outbox.removePublished(publishedBefore, afterId, max);
    }
}
