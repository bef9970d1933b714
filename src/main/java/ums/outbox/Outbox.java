package ums.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The queue in PostgreSQL. */
@Service
class Outbox implements OutboxService {

    private final OutboxRepository repository;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final FairShare oldest = new FairShare();

    Outbox(OutboxRepository repository, ApplicationEventPublisher events, Clock clock) {
        this.repository = repository;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(
            UUID aggregateId,
            String channel,
            Priority priority,
            Instant createdAt,
            @Nullable Instant notBefore,
            @Nullable Instant expiresAt) {
        append(List.of(new NewOrder(aggregateId, channel, priority, createdAt, notBefore, expiresAt)));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(List<NewOrder> orders) {
        repository.insert(orders);
        orders.forEach(it -> events.publishEvent(new OutboxAppended(it.notBefore())));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean withdraw(UUID aggregateId) {
        return repository.withdraw(aggregateId);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<UUID> expire(Instant now, int max) {
        return repository.expire(now, max);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Claim> claim(UUID token, String owner, int max) {
        Instant now = clock.instant();
        int share = oldest.of(max);
        List<Claim> claims = new ArrayList<>(share == 0 ? List.of() : repository.claimOldest(token, owner, share, now));
        if (claims.size() < max) {
            claims.addAll(repository.claim(token, owner, max - claims.size(), now));
        }
        return claims;
    }

    @Override
    @Transactional
    public @Nullable Instant releaseDue(Instant now, int max) {
        return repository.releaseDue(now, max) == max ? now : repository.nextDue();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean publish(Claim claim) {
        return repository.publish(claim);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean delay(Claim claim, Instant until) {
        return repository.delay(claim, until, 0);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean release(Claim claim, Instant until) {
        return repository.delay(claim, until, 1);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void certain(Collection<Claim> claims) {
        repository.certain(claims);
    }

    @Override
    @Transactional
    public boolean doubt(Claim claim) {
        return repository.doubt(claim);
    }

    @Override
    public List<Claim> claimed(UUID token) {
        return repository.claimed(token);
    }

    @Override
    public boolean settled(Claim claim) {
        return repository.settled(claim);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Abandoned> takeOver(UUID token, Duration age, @Nullable Duration silence, int max) {
        return repository.takeOver(token, age, silence, max);
    }

    @Override
    @Transactional
    public @Nullable Long removePublished(Instant publishedBefore, long afterId, int max) {
        return repository.removePublished(publishedBefore, afterId, max);
    }
}
