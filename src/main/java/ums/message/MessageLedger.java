package ums.message;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
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
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import ums.channel.MessageSender;
import ums.channel.MessageSender.Availability;
import ums.message.MessageEvents.MessageEnded;
import ums.outbox.OutboxService;

/** The ledger in PostgreSQL. */
@Service
class MessageLedger implements MessageService {

    /** How many go into one transaction: enough to share a commit, few enough to hold their locks shortly. */
    private static final int CHUNK = 100;

    private final MessageRepository repository;
    private final MessageEndings endings;
    private final OutboxService outbox;
    private final Map<String, MessageSender> channels;
    private final Acceptor acceptor;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    MessageLedger(
            MessageRepository repository,
            MessageIntake intake,
            MessageEndings endings,
            OutboxService outbox,
            List<MessageSender> channels,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            Clock clock) {
        this.repository = repository;
        this.endings = endings;
        this.outbox = outbox;
        this.channels = channels.stream().collect(Collectors.toMap(MessageSender::channel, Function.identity()));
        this.acceptor = new Acceptor(intake, outbox, this.channels, events, clock);
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional
    public Accepted accept(NewMessage message) {
        return switch (acceptor.accept(List.of(message)).getFirst()) {
            case Accepted accepted -> accepted;
            case Refused refused -> throw refused.reason();
        };
    }

    @Override
    @Transactional(propagation = Propagation.NEVER)
    public List<Acceptance> acceptAll(List<NewMessage> messages) {
        List<Acceptance> all = new ArrayList<>(messages.size());
        for (int from = 0; from < messages.size(); from += CHUNK) {
            List<NewMessage> chunk = messages.subList(from, Math.min(from + CHUNK, messages.size()));
            try {
                all.addAll(together(chunk));
            } catch (DataIntegrityViolationException | PessimisticLockingFailureException _) {
                // One bad row, or another batch with the same keys in another order: rolled back for certain. After any
                // other fault it may be committed, and a second try would accept what has no key twice.
                chunk.forEach(it -> all.add(alone(it)));
            }
        }
        return all;
    }

    private List<Acceptance> together(List<NewMessage> messages) {
        return requireNonNull(transaction.execute(_ -> acceptor.accept(messages)));
    }

    private Acceptance alone(NewMessage message) {
        try {
            return together(List.of(message)).getFirst();
        } catch (DataIntegrityViolationException e) {
            return new Refused(e);
        }
    }

    /** Queue first and ledger second, as everybody who writes to both: two who meet wait and do not deadlock. */
    @Override
    @Transactional
    public Optional<Message> cancel(String client, UUID id) {
        Optional<Message> before = repository.find(client, id);
        if (before.isEmpty()) {
            return before;
        }
        List<MessageEnded> canceled = outbox.withdraw(id)
                ? endings.end(
                        List.of(id),
                        MessageStatus.CANCELED,
                        "canceled",
                        clock.instant().truncatedTo(ChronoUnit.MILLIS))
                : List.of();
        Optional<Message> after = repository.find(client, id);
        if (canceled.isEmpty()) {
            MessageStatus status =
                    after.or(() -> before).orElseThrow().progress().status();
            // Claimed a moment ago, and back in the queue by now: an attempt was under way when it was to be canceled.
            throw new NotCancelableException(
                    status.next().contains(MessageStatus.CANCELED) ? MessageStatus.PROCESSING : status);
        }
        canceled.forEach(events::publishEvent);
        return after;
    }

    @Override
    public @Nullable Waiting waiting(Message message) {
        MessageSender channel = channels.get(message.channel());
        return Waiting.of(message, channel == null ? Availability.AVAILABLE : channel.availability(), clock.instant());
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
}
