package ums.message;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.channel.InvalidContentException;
import ums.channel.MessageSender;
import ums.channel.Violation;
import ums.message.MessageEvents.MessageAccepted;
import ums.outbox.OutboxService;

/** The ledger in PostgreSQL. */
@Service
class MessageLedger implements MessageService {

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();
    private final MessageRepository repository;
    private final OutboxService outbox;
    private final Map<String, MessageSender> channels;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    MessageLedger(
            MessageRepository repository,
            OutboxService outbox,
            List<MessageSender> channels,
            ApplicationEventPublisher events,
            Clock clock) {
        this.repository = repository;
        this.outbox = outbox;
        this.channels = channels.stream().collect(Collectors.toMap(MessageSender::channel, Function.identity()));
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional
    public Accepted accept(NewMessage message) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        MessageSender.Prepared prepared;
        try {
            prepared = check(message, now);
        } catch (InvalidContentException e) {
            // What was valid when it was accepted (an expiry then ahead, a default sender since removed) is a replay.
            return replay(message.idempotency(), message.sender().client()).orElseThrow(() -> e);
        }
        if (!message.sender().allowedFrom().isEmpty()
                && !message.sender().allowedFrom().contains(prepared.sender())) {
            throw new SenderNotAllowedException();
        }
        UUID id = ids.generate();
        if (!repository.insert(id, message, prepared, now)) {
            return replay(message.idempotency(), message.sender().client())
                    .orElseThrow(() -> new IllegalStateException("the key's message went away meanwhile"));
        }
        Instant notBefore = message.options().scheduledAt();
        outbox.append(
                id,
                message.channel(),
                message.options().priority(),
                now,
                notBefore != null && notBefore.isAfter(now) ? notBefore : null);
        events.publishEvent(new MessageAccepted(id, message.sender().client(), message.channel()));
        return new Accepted(id, now, false);
    }

    @Override
    public Optional<Message> find(@Nullable String client, UUID id) {
        return repository.find(client, id);
    }

    @Override
    public List<Message> list(MessageFilter filter) {
        return repository.list(filter);
    }

    @Override
    public Optional<List<TimelineEvent>> events(@Nullable String client, UUID id) {
        return repository.events(client, id);
    }

    private MessageSender.Prepared check(NewMessage message, Instant now) {
        List<Violation> violations = new ArrayList<>(OptionsRules.check(message.options(), now));
        MessageSender channel = channels.get(message.channel());
        if (channel == null) {
            violations.add(new Violation("/channel", "is not a channel of this service; there is " + names()));
            throw new InvalidContentException(violations);
        }
        try {
            MessageSender.Prepared prepared = channel.prepare(message.content());
            if (violations.isEmpty()) {
                return prepared;
            }
        } catch (InvalidContentException e) {
            violations.addAll(0, e.violations());
        }
        throw new InvalidContentException(violations);
    }

    private String names() {
        return channels.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private Optional<Accepted> replay(@Nullable Idempotency idempotency, String client) {
        if (idempotency == null) {
            return Optional.empty();
        }
        return repository.findByIdempotencyKey(client, idempotency.key()).map(earlier -> {
            if (!MessageDigest.isEqual(earlier.requestHash(), idempotency.requestHash())) {
                throw new IdempotencyKeyReusedException();
            }
            return new Accepted(earlier.id(), earlier.createdAt(), true);
        });
    }
}
