package ums.outbox;

import java.time.Duration;
import java.time.Instant;
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

    Outbox(OutboxRepository repository, ApplicationEventPublisher events) {
        this.repository = repository;
        this.events = events;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(
            UUID aggregateId, String channel, Priority priority, Instant createdAt, @Nullable Instant notBefore) {
        repository.insert(aggregateId, channel, priority, createdAt, notBefore);
        events.publishEvent(new OutboxAppended(notBefore));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Claim> claim(UUID token, String owner, int max) {
        return repository.claim(token, owner, max);
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
    public boolean withdraw(UUID aggregateId) {
        return repository.withdraw(aggregateId);
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
