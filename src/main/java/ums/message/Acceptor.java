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
import ums.channel.Channel;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.InvalidContentException;
import ums.channel.Violation;
import ums.logging.MessageLog.Subject;
import ums.message.DirectClaims.Claimed;
import ums.message.DirectClaims.Reservation;
import ums.message.MessageEvents.MessagesAccepted;
import ums.message.MessageInserter.Row;
import ums.message.MessageInserter.Written;
import ums.provider.Account;
import ums.provider.Providers;
import ums.queue.Claim;
import ums.queue.EntriesAppended;

/** Checks requests to send and writes the valid ones, in the caller's transaction if there is one. */
@Component
class Acceptor {

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();
    private final MessageInserter messages;
    private final Channels channels;
    private final Providers providers;
    private final TraceContext trace;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Acceptor(
            MessageInserter messages,
            Channels channels,
            Providers providers,
            ObjectProvider<TraceContext> trace,
            ApplicationEventPublisher events,
            Clock clock) {
        this.messages = messages;
        this.channels = channels;
        this.providers = providers;
        this.trace = trace.getIfAvailable(() -> TraceContext.NONE);
        this.events = events;
        this.clock = clock;
    }

    /** Validates a request. An invalid one with a known idempotency key is a replay: it was valid when it was accepted. */
    Checked check(NewMessage message) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try {
            return new Checked(
                    message, messages.row(ids.generate(), now, message, prepared(message, now), trace.current()), null);
        } catch (InvalidContentException | NotRoutableException e) {
            // Valid before its expiry had passed, or before a default sender or a provider was removed.
            return new Checked(message, null, replay(message).orElseGet(() -> new Refused(e)));
        } catch (RuntimeException e) {
            // A bug that one request meets does not fail the others of a batch.
            return new Checked(message, null, new Refused(e));
        }
    }

    /** Writes valid requests, and answers in their sequence. A fault of the database is thrown for all of them. */
    List<Acceptance> store(List<Row> rows) {
        return answers(rows, messages.insert(rows, null, List.of()), Set.of());
    }

    /** The same, outside a transaction: as many as this process can send at once are claimed by the statement that inserts them. */
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
            claimed = claimed(first, written, reservation);
        } catch (DataIntegrityViolationException | PessimisticLockingFailureException e) {
            reservation.cancel();
            throw e;
        } catch (RuntimeException | Error e) {
            reservation.unanswered();
            throw e;
        }
        try {
            // Published before any is sent, so that observers see a message accepted before it is sent.
            return answers(
                    rows, written, claimed.stream().map(it -> it.message().id()).collect(Collectors.toSet()));
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

    /** A large message waits in the queue until there is memory for its content. */
    private static boolean sentAtOnce(Row row) {
        return row.ready() && row.contentLength() <= MessageRepository.READ_WITH_CLAIM;
    }

    private static List<Claimed> claimed(List<Row> first, List<Written> written, Reservation reservation) {
        Map<UUID, Written> byId = written.stream().collect(Collectors.toMap(Written::id, Function.identity()));
        List<Claimed> claimed = new ArrayList<>(first.size());
        for (Row row : first) {
            Written entry = byId.get(row.id());
            Instant at = entry == null ? null : entry.claimedAt();
            if (entry != null && at != null) {
                String channel = row.message().channel();
                claimed.add(new Claimed(
                        new Claim(
                                entry.outboxId(),
                                row.id(),
                                channel,
                                reservation.token(),
                                1,
                                at,
                                reservation.claimant().provider(channel)),
                        row.loaded()));
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

    /** The other requests are committed by now, so a fault here is this request's alone. */
    private Acceptance replayed(NewMessage message) {
        try {
            return replay(message)
                    .orElseGet(() -> new Refused(new IllegalStateException("the key's message was removed meanwhile")));
        } catch (DataAccessException e) {
            return new Refused(e);
        }
    }

    private void publish(List<Row> stored, Map<UUID, Long> entries, Set<UUID> claimed) {
        if (stored.isEmpty()) {
            return;
        }
        events.publishEvent(new MessagesAccepted(stored.stream()
                .map(it -> new Subject(
                        it.id(),
                        entries.getOrDefault(it.id(), 0L),
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

    private Channel.Prepared<Content> prepared(NewMessage message, Instant now) {
        List<Violation> violations = new ArrayList<>();
        Channel.Prepared<Content> prepared = null;
        try {
            prepared = channels.find(message.channel()).orElseThrow().prepare(message.content());
        } catch (InvalidContentException e) {
            violations.addAll(e.violations());
        }
        violations.addAll(OptionsRules.check(message.options(), now));
        if (prepared == null || !violations.isEmpty()) {
            throw new InvalidContentException(violations);
        }
        if (!message.sender().allowedFrom().isEmpty()
                && !message.sender().allowedFrom().contains(prepared.sender())) {
            throw new SenderNotAllowedException();
        }
        checkRoute(message, prepared.sender());
        return prepared;
    }

    private void checkRoute(NewMessage message, String sender) {
        List<Account> route =
                providers.route(message.channel(), message.sender().test());
        if (route.isEmpty()) {
            throw NotRoutableException.channel();
        }
        String provider = message.provider();
        // A test key's message goes to the inbox, whatever provider it names.
        List<Account> meant = provider == null
                ? route
                : providers.route(message.channel(), false).stream()
                        .filter(it -> it.id().equals(provider))
                        .toList();
        if (meant.isEmpty()) {
            throw NotRoutableException.provider();
        }
        if (meant.stream().noneMatch(it -> it.maySendAs(sender))) {
            throw NotRoutableException.sender();
        }
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
     * A validated request; of row and answer exactly one is set.
     *
     * @param row the row to write
     * @param answer the answer to a refused or replayed request
     */
    record Checked(
            NewMessage message, @Nullable Row row, @Nullable Acceptance answer) {}
}
