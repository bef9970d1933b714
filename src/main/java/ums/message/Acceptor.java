package ums.message;

import static java.util.Comparator.comparing;

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
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import ums.channel.InvalidContentException;
import ums.channel.MessageSender;
import ums.channel.Violation;
import ums.logging.MessageLog.Subject;
import ums.message.DirectClaims.Claimed;
import ums.message.DirectClaims.Reservation;
import ums.message.MessageEvents.MessagesAccepted;
import ums.message.MessageInserter.Row;
import ums.message.MessageInserter.Written;
import ums.queue.Claim;
import ums.queue.EntriesAppended;

/** Checks requests to send, and writes those that are valid, in the caller's transaction where there is one. */
@Component
class Acceptor {

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();
    private final MessageInserter messages;
    private final SenderRegistry senders;
    private final TraceContext trace;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Acceptor(
            MessageInserter messages,
            SenderRegistry senders,
            ObjectProvider<TraceContext> trace,
            ApplicationEventPublisher events,
            Clock clock) {
        this.messages = messages;
        this.senders = senders;
        this.trace = trace.getIfAvailable(() -> TraceContext.NONE);
        this.events = events;
        this.clock = clock;
    }

    /** What will be written, or what is refused: nothing, or a replay of what was valid when it was accepted. */
    Checked check(NewMessage message) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try {
            return new Checked(
                    message, messages.row(ids.generate(), now, message, prepared(message, now), trace.current()), null);
        } catch (InvalidContentException e) {
            // An expiry that was ahead then, a default sender since removed.
            return new Checked(message, null, replay(message).orElseGet(() -> new Refused(e)));
        } catch (RuntimeException e) {
            // Even a fault of ours about one of many is that one's alone.
            return new Checked(message, null, new Refused(e));
        }
    }

    /** Writes what was found valid. What became of each, in their order; a fault of the database is the fault of all. */
    List<Acceptance> store(List<Row> rows) {
        return answers(rows, messages.insert(rows, null, List.of()), Set.of());
    }

    /** The same, outside any transaction: what this process can send at once is sent without waiting in the queue. */
    List<Acceptance> storeAndSend(List<Row> rows, DirectClaims directly) {
        int ready = (int) rows.stream().filter(Acceptor::sentAtOnce).count();
        Reservation reservation = ready == 0 ? null : directly.reserve(ready);
        if (reservation == null) {
            return store(rows);
        }
        List<Row> first;
        List<Written> written;
        List<Claimed> claimed;
        try {
            first = first(rows, reservation.size());
            written = messages.insert(rows, reservation, first);
            claimed = claimed(first, written, reservation.token());
        } catch (DataIntegrityViolationException | PessimisticLockingFailureException e) {
            reservation.cancel();
            throw e;
        } catch (RuntimeException | Error e) {
            reservation.unanswered();
            throw e;
        }
        try {
            // Told before it can be sent, so that nobody hears of the two the other way round.
            return answers(
                    rows,
                    written,
                    claimed.stream().map(it -> it.attempt().messageId()).collect(Collectors.toSet()));
        } finally {
            reservation.begin(claimed);
        }
    }

    private static List<Row> first(List<Row> rows, int max) {
        return rows.stream()
                .filter(Acceptor::sentAtOnce)
                .sorted(comparing(it -> it.options().priority()))
                .limit(max)
                .toList();
    }

    /** A large one waits in the queue, unread, until there is memory for it. */
    private static boolean sentAtOnce(Row row) {
        return row.ready() && row.contentLength() <= MessageRepository.READ_WITH_CLAIM;
    }

    private static List<Claimed> claimed(List<Row> first, List<Written> written, UUID token) {
        Map<UUID, Written> byId = written.stream().collect(Collectors.toMap(Written::id, Function.identity()));
        List<Claimed> claimed = new ArrayList<>(first.size());
        for (Row row : first) {
            Written order = byId.get(row.id());
            Instant at = order == null ? null : order.claimedAt();
            if (order != null && at != null) {
                String channel = row.message().channel();
                claimed.add(
                        new Claimed(new Claim(order.outboxId(), row.id(), channel, token, 1, at), row.firstAttempt()));
            }
        }
        return claimed;
    }

    private List<Acceptance> answers(List<Row> rows, List<Written> written, Set<UUID> claimed) {
        Map<UUID, Long> stored = written.stream().collect(Collectors.toMap(Written::id, Written::outboxId));
        publish(rows.stream().filter(it -> stored.containsKey(it.id())).toList(), stored, claimed);
        return rows.stream()
                .map(it -> stored.containsKey(it.id())
                        ? new Accepted(it.id(), it.createdAt(), false)
                        : replayed(it.message()))
                .toList();
    }

    /** The others are committed: what goes wrong about a replay is its own fault. */
    private Acceptance replayed(NewMessage message) {
        try {
            return replay(message)
                    .orElseGet(() -> new Refused(new IllegalStateException("the key's message went away meanwhile")));
        } catch (DataAccessException e) {
            return new Refused(e);
        }
    }

    private void publish(List<Row> stored, Map<UUID, Long> orders, Set<UUID> claimed) {
        if (stored.isEmpty()) {
            return;
        }
        events.publishEvent(new MessagesAccepted(stored.stream()
                .map(it -> new Subject(
                        it.id(),
                        orders.getOrDefault(it.id(), 0L),
                        0,
                        it.client(),
                        it.message().channel(),
                        it.traceparent()))
                .toList()));
        if (claimed.size() < stored.size()) {
            events.publishEvent(EntriesAppended.of(stored.stream()
                    .filter(it -> !claimed.contains(it.id()))
                    .map(it -> Optional.ofNullable(it.notBefore()))
                    .toList()));
        }
    }

    private MessageSender.Prepared prepared(NewMessage message, Instant now) {
        List<Violation> violations = new ArrayList<>(OptionsRules.check(message.options(), now));
        Optional<MessageSender> sender = senders.find(message.channel());
        if (sender.isEmpty()) {
            violations.add(new Violation("/channel", "is not a channel of this service; there is " + senders.names()));
            throw new InvalidContentException(violations);
        }
        MessageSender.Prepared prepared;
        try {
            prepared = sender.get().prepare(message.content());
        } catch (InvalidContentException e) {
            violations.addAll(0, e.violations());
            throw new InvalidContentException(violations);
        }
        if (!violations.isEmpty()) {
            throw new InvalidContentException(violations);
        }
        if (!message.sender().allowedFrom().isEmpty()
                && !message.sender().allowedFrom().contains(prepared.sender())) {
            throw new SenderNotAllowedException();
        }
        return prepared;
    }

    private Optional<Acceptance> replay(NewMessage message) {
        Idempotency idempotency = message.idempotency();
        if (idempotency == null) {
            return Optional.empty();
        }
        return messages.findByIdempotencyKey(message.sender().owner(), idempotency.key())
                .map(earlier -> MessageDigest.isEqual(earlier.requestHash(), idempotency.requestHash())
                        ? new Accepted(earlier.id(), earlier.createdAt(), true)
                        : new Refused(new IdempotencyKeyReusedException()));
    }

    /**
     * A request that was looked at: either it is valid, or it has its answer.
     *
     * @param row what is to be written, or null
     * @param answer the answer, or null
     */
    record Checked(
            NewMessage message, @Nullable Row row, @Nullable Acceptance answer) {}
}
