package ums.message;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import ums.batching.Batcher;
import ums.channel.Delivery;
import ums.channel.MessageSender;
import ums.channel.MessageSender.Availability;
import ums.message.Acceptor.Checked;
import ums.message.MessageEvents.MessageEnded;
import ums.message.MessageInserter.Row;
import ums.queue.Queue;
import ums.reading.Reads;

/** The ledger in PostgreSQL. */
@Service
class MessageLedger implements MessageService {

    /** How many go into one statement: enough to share a commit, few enough to hold their locks shortly. */
    private static final int LARGEST_STATEMENT = 500;
    /** In characters of content: a statement is held in memory several times over while it is written. */
    private static final long LONGEST_STATEMENT = 4_000_000;
    /** While one waits for the disk, the next is being executed. */
    private static final int STATEMENTS_AT_ONCE = 2;

    private final MessageRepository repository;
    private final MessageEndings endings;
    private final Queue outbox;
    private final Map<String, MessageSender> channels;
    private final Acceptor acceptor;
    private final Batcher<Row, Acceptance> arrivals;
    private final @Nullable DirectClaims directly;
    private final Reads reads;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    MessageLedger(
            MessageRepository repository,
            MessageInserter intake,
            MessageEndings endings,
            Queue outbox,
            List<MessageSender> channels,
            ObjectProvider<DirectClaims> directly,
            ObjectProvider<TraceContext> trace,
            Reads reads,
            ApplicationEventPublisher events,
            Clock clock) {
        this.repository = repository;
        this.endings = endings;
        this.outbox = outbox;
        this.channels = channels.stream().collect(Collectors.toMap(MessageSender::channel, Function.identity()));
        this.acceptor =
                new Acceptor(intake, this.channels, trace.getIfAvailable(() -> TraceContext.NONE), events, clock);
        this.arrivals = new Batcher<>(
                STATEMENTS_AT_ONCE, LARGEST_STATEMENT, MessageLedger::length, LONGEST_STATEMENT, this::store);
        this.directly = directly.getIfAvailable();
        this.reads = reads;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Accepted accept(NewMessage message) {
        Checked checked = acceptor.check(message);
        return switch (answer(checked)) {
            case Accepted accepted -> accepted;
            case Refused refused -> throw refused.reason();
        };
    }

    /** Only what no transaction of the caller's is waiting for may share a commit with others. */
    private Acceptance answer(Checked checked) {
        Acceptance refused = checked.answer();
        if (refused != null) {
            return refused;
        }
        Row row = requireNonNull(checked.row());
        return TransactionSynchronizationManager.isActualTransactionActive()
                ? acceptor.store(List.of(row)).getFirst()
                : arrivals.submit(row);
    }

    @Override
    @Transactional(propagation = Propagation.NEVER)
    public List<Acceptance> acceptAll(List<NewMessage> messages) {
        List<Checked> checked = messages.stream().map(acceptor::check).toList();
        List<Row> valid = checked.stream()
                .map(Checked::row)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        List<Acceptance> stored = new ArrayList<>(valid.size());
        for (int from = 0; from < valid.size(); ) {
            int to = endOfStatement(valid, from);
            stored.addAll(store(valid.subList(from, to)));
            from = to;
        }
        Iterator<Acceptance> answers = stored.iterator();
        return checked.stream()
                .map(it -> it.answer() == null ? answers.next() : it.answer())
                .toList();
    }

    private static int endOfStatement(List<Row> rows, int from) {
        int to = from + 1;
        long length = length(rows.get(from));
        while (to < rows.size() && to - from < LARGEST_STATEMENT) {
            length += length(rows.get(to));
            if (length > LONGEST_STATEMENT) {
                break;
            }
            to++;
        }
        return to;
    }

    private static long length(Row row) {
        return row.contentLength();
    }

    /** Each statement a commit of its own. A bad row harms no other. */
    private List<Acceptance> store(List<Row> rows) {
        try {
            return directly == null ? acceptor.store(rows) : acceptor.storeAndSend(rows, directly);
        } catch (DataIntegrityViolationException | PessimisticLockingFailureException e) {
            // Rolled back for certain. After any other fault it may be committed, and a second try would make two
            // messages of what has no key.
            if (rows.size() == 1) {
                return List.of(new Refused(e));
            }
            List<Acceptance> halves = new ArrayList<>(store(rows.subList(0, rows.size() / 2)));
            halves.addAll(store(rows.subList(rows.size() / 2, rows.size())));
            return halves;
        }
    }

    /** Queue first and ledger second, as everybody who writes to both: two who meet wait and do not deadlock. */
    @Override
    @Transactional
    public Optional<Message> cancel(Owner owner, UUID id) {
        Optional<Message> before = repository.find(owner, id);
        if (before.isEmpty()) {
            return before;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<MessageEnded> canceled = outbox.withdraw(id)
                .map(it -> endings.end(List.of(it), MessageStatus.CANCELED, "canceled", now))
                .orElse(List.of());
        Optional<Message> after = repository.find(owner, id);
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
        return Waiting.of(
                message,
                channel == null ? Availability.AVAILABLE : channel.availability(),
                channel == null ? OptionalDouble.empty() : channel.rate(),
                () -> reads.readIfIdle(message.client(), () -> outbox.position(message.id()))
                        .flatMap(Function.identity()),
                clock.instant());
    }

    @Override
    public Optional<byte[]> rendered(Message message) {
        return Optional.ofNullable(channels.get(message.channel()))
                .flatMap(it -> it.rendered(new Delivery(
                        message.id(),
                        Options.date(
                                message.progress().createdAt(),
                                message.options().scheduledAt()),
                        message.content(),
                        message.recipients().stream()
                                .map(RecipientState::recipient)
                                .toList(),
                        () -> false,
                        message.test())));
    }

    @Override
    public Optional<Message> find(@Nullable Owner owner, UUID id) {
        return repository.find(owner, id);
    }

    @Override
    public Optional<List<TimelineEvent>> events(@Nullable Owner owner, UUID id) {
        return repository.events(owner, id);
    }
}
