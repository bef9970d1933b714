package ums.failure;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.failure.DecisionRefusedException.Cause;
import ums.message.DecisionRepository;
import ums.message.LockedMessage;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageRepository;
import ums.message.MessageStatus;
import ums.message.MessageUpdate;
import ums.message.RecipientState;
import ums.message.RecipientState.Status;
import ums.message.TimelineEvent;
import ums.queue.NewEntry;
import ums.queue.Queue;

/**
 * Dead letters and what an admin decides about them. A decision, what it does to the message and the queue, and its audit
 * entry are one transaction. Of several decisions about one failure the first counts and the others are refused.
 */
@Service
public class Failures {

    private static final String RETRIED = "RETRIED";

    private final FailureRepository failures;
    private final DecisionRepository locked;
    private final MessageRepository messages;
    private final Queue outbox;
    private final AuditLog audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Failures(
            FailureRepository failures,
            DecisionRepository locked,
            MessageRepository messages,
            Queue outbox,
            AuditLog audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.failures = failures;
        this.locked = locked;
        this.messages = messages;
        this.outbox = outbox;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /** One failure, open or handled. */
    public Optional<SendFailure> find(UUID id) {
        return failures.find(id);
    }

    /** Failures, newest first. */
    public List<SendFailure> list(FailureFilter filter) {
        return failures.list(filter);
    }

    /**
     * Has a message sent again to everybody who has not got it, with all attempts granted anew.
     *
     * @param admin who decides
     * @param reason why
     * @return the failure, handled; empty where there is none
     * @throws DecisionRefusedException where it is handled, or the message has expired or nobody is left to send it to
     */
    @Transactional
    public Optional<SendFailure> retry(UUID id, String admin, String reason) {
        return decide(id, admin, RETRIED, "failure.retry", reason, this::reopen);
    }

    /**
     * Ends a failure without sending.
     *
     * @param admin who decides
     * @param reason why
     * @return the failure, handled; empty where there is none
     * @throws DecisionRefusedException where it is handled, or does not allow the decision
     */
    @Transactional
    public Optional<SendFailure> resolve(UUID id, Decision decision, String admin, String reason) {
        return switch (decision) {
            case MARK_SENT -> decide(id, admin, decision.name(), "failure.mark-sent", reason, this::markSent);
            case ABANDON -> decide(id, admin, decision.name(), "failure.abandon", reason, this::abandon);
        };
    }

    /**
     * Closes a message's open failure where events overtook it. Joins the caller's transaction, which has the message's
     * row.
     *
     * @param resolution what happened, such as {@code LATE_SUCCESS}
     * @return false where the message has no open failure
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean close(UUID messageId, String resolution) {
        return failures.handleOfMessage(messageId, AuditLog.UMS, now(), resolution)
                .isPresent();
    }

    private Optional<SendFailure> decide(
            UUID id, String admin, String resolution, String action, String reason, Effect effect) {
        return failures.find(id).map(found -> {
            Instant now = now();
            Optional<LockedMessage> message = locked.lock(found.messageId());
            // Only now nobody else decides; what was found before may be out of date.
            SendFailure handled = failures.handle(id, admin, now, resolution)
                    .orElseThrow(() -> new DecisionRefusedException(
                            Cause.ALREADY_HANDLED, "Somebody has handled this failure already."));
            LockedMessage locked =
                    message.orElseThrow(() -> new IllegalStateException("an open failure has lost its message"));
            effect.on(locked, handled.outboxId(), now);
            audit.record(admin, action, "failure:" + id + " message:" + found.messageId(), reason);
            return handled;
        });
    }

    private void reopen(LockedMessage message, long outboxId, Instant now) {
        if (message.expired(now)) {
            throw new DecisionRefusedException(Cause.MESSAGE_EXPIRED, "The message has expired.");
        }
        if (!message.unreadable().isEmpty()) {
            throw unreadable(message.unreadable());
        }
        boolean nobody = message.recipients().stream().allMatch(it -> it.status() == Status.SENT);
        if (!MessageStatus.ACCEPTED.previous().contains(message.status()) || nobody || outbox.isOpen(message.id())) {
            throw new DecisionRefusedException(
                    Cause.NOT_RETRYABLE,
                    "The message is " + message.status()
                            + ": nobody is left to send it to, or the queue has it already.");
        }
        if (!locked.isContentReadable(message.id())) {
            throw unreadable(List.of("content"));
        }
        UnaryOperator<Status> again = it -> it == Status.SENT ? Status.SENT : Status.PENDING;
        move(
                message,
                outboxId,
                MessageStatus.ACCEPTED,
                again,
                TimelineEvent.of("retried", now, message.attemptCount()));
        outbox.append(List.of(new NewEntry(
                message.id(),
                message.channel(),
                message.priority(),
                now,
                null,
                message.expiresAt(),
                message.review())));
    }

    private static DecisionRefusedException unreadable(List<String> columns) {
        return new DecisionRefusedException(
                Cause.MESSAGE_UNREADABLE, "The message's stored " + String.join(", ", columns) + " cannot be read.");
    }

    private void markSent(LockedMessage message, long outboxId, Instant now) {
        if (message.status() != MessageStatus.MANUAL_REVIEW) {
            throw new DecisionRefusedException(
                    Cause.NOT_IN_REVIEW,
                    "Only a message in MANUAL_REVIEW can be marked as sent; it is " + message.status() + ".");
        }
        UnaryOperator<Status> sent = it -> it == Status.REFUSED ? Status.REFUSED : Status.SENT;
        move(message, outboxId, MessageStatus.SENT, sent, resolved(message, Decision.MARK_SENT, now));
    }

    private void abandon(LockedMessage message, long outboxId, Instant now) {
        TimelineEvent event = resolved(message, Decision.ABANDON, now);
        if (message.status() == MessageStatus.MANUAL_REVIEW) {
            move(message, outboxId, MessageStatus.FAILED, UnaryOperator.identity(), event);
        } else {
            locked.note(message.id(), event);
        }
    }

    private void move(
            LockedMessage message, long outboxId, MessageStatus to, UnaryOperator<Status> status, TimelineEvent event) {
        // Over what cannot be read nothing is written.
        List<RecipientState> recipients = !message.unreadable().isEmpty()
                ? null
                : message.recipients().stream()
                        .map(it -> new RecipientState(
                                it.address(), it.kind(), status.apply(it.status()), it.smtpCode(), it.reply(), it.at()))
                        .toList();
        if (!messages.apply(
                new MessageUpdate(message.id(), to, event.at(), recipients, null, null, event, null, false))) {
            throw new IllegalStateException("message " + message.id() + " does not go from " + message.status() + " to "
                    + to + " though it is locked");
        }
        events.publishEvent(new MessageDecided(
                message.id(), outboxId, message.client(), message.channel(), to, message.attemptCount(), event.at()));
    }

    /** The message's owner reads its timeline: who decided and why stands in the audit log only. */
    private static TimelineEvent resolved(LockedMessage message, Decision decision, Instant now) {
        return new TimelineEvent("resolved", now, message.attemptCount(), null, null, null, decision.name());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What a decision does to the message, which nobody else changes meanwhile. */
    private interface Effect {
        void on(LockedMessage message, long outboxId, Instant now);
    }
}
