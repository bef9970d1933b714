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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import ums.channel.InvalidContentException;
import ums.channel.MessageSender;
import ums.channel.Violation;
import ums.message.MessageEvents.MessageAccepted;
import ums.outbox.NewOrder;
import ums.outbox.OutboxService;

/** Accepts requests to send, one or many, within the caller's transaction: what is valid is in ledger and queue. */
class Acceptor {

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();
    private final MessageIntake intake;
    private final OutboxService outbox;
    private final Map<String, MessageSender> channels;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Acceptor(
            MessageIntake intake,
            OutboxService outbox,
            Map<String, MessageSender> channels,
            ApplicationEventPublisher events,
            Clock clock) {
        this.intake = intake;
        this.outbox = outbox;
        this.channels = channels;
        this.events = events;
        this.clock = clock;
    }

    /** What became of each, in their order. A fault of the database is the fault of all. */
    List<Acceptance> accept(List<NewMessage> messages) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        @Nullable Acceptance[] answers = new Acceptance[messages.size()];
        List<MessageIntake.Row> valid = new ArrayList<>(messages.size());
        for (int i = 0; i < answers.length; i++) {
            NewMessage message = messages.get(i);
            try {
                valid.add(new MessageIntake.Row(i, ids.generate(), message, check(message, now)));
            } catch (InvalidContentException e) {
                // What was valid when it was accepted (an expiry then ahead, a default sender since removed) is a
                // replay.
                answers[i] = replay(message).orElse(new Refused(e));
            } catch (RuntimeException e) {
                // Even a fault of ours about one of many is that one's alone.
                answers[i] = new Refused(e);
            }
        }
        for (MessageIntake.Row row : store(valid, now)) {
            answers[row.index()] = new Accepted(row.id(), now, false);
        }
        List<Acceptance> all = new ArrayList<>(answers.length);
        for (int i = 0; i < answers.length; i++) {
            Acceptance answer = answers[i];
            all.add(
                    answer != null
                            ? answer
                            : replay(messages.get(i))
                                    .orElseThrow(
                                            () -> new IllegalStateException("the key's message went away meanwhile")));
        }
        return all;
    }

    private List<MessageIntake.Row> store(List<MessageIntake.Row> valid, Instant now) {
        if (valid.isEmpty()) {
            return List.of();
        }
        List<MessageIntake.Row> stored = intake.insert(valid, now);
        if (!stored.isEmpty()) {
            outbox.append(stored.stream().map(it -> order(it, now)).toList());
            stored.forEach(it -> events.publishEvent(new MessageAccepted(
                    it.id(), it.message().sender().client(), it.message().channel())));
        }
        return stored;
    }

    private static NewOrder order(MessageIntake.Row row, Instant now) {
        Options options = row.message().options();
        Instant notBefore = options.scheduledAt();
        return new NewOrder(
                row.id(),
                row.message().channel(),
                options.priority(),
                now,
                notBefore != null && notBefore.isAfter(now) ? notBefore : null,
                options.expiresAt());
    }

    private MessageSender.Prepared check(NewMessage message, Instant now) {
        List<Violation> violations = new ArrayList<>(OptionsRules.check(message.options(), now));
        MessageSender channel = channels.get(message.channel());
        if (channel == null) {
            violations.add(new Violation("/channel", "is not a channel of this service; there is " + names()));
            throw new InvalidContentException(violations);
        }
        MessageSender.Prepared prepared;
        try {
            prepared = channel.prepare(message.content());
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

    private String names() {
        return channels.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private Optional<Acceptance> replay(NewMessage message) {
        Idempotency idempotency = message.idempotency();
        if (idempotency == null) {
            return Optional.empty();
        }
        return intake.findByIdempotencyKey(message.sender().client(), idempotency.key())
                .map(earlier -> MessageDigest.isEqual(earlier.requestHash(), idempotency.requestHash())
                        ? new Accepted(earlier.id(), earlier.createdAt(), true)
                        : new Refused(new IdempotencyKeyReusedException()));
    }
}
