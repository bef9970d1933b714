package ums.failure;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import ums.failure.DecisionRefusedException.Cause;
import ums.message.DecisionRepository;
import ums.message.LockedMessage;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageRepository;
import ums.message.MessageStatus;
import ums.message.MessageUpdate;
import ums.message.NotRoutableException;
import ums.message.OnUnknown;
import ums.message.RecipientState;
import ums.message.RecipientState.Status;
import ums.message.TimelineEvent;
import ums.provider.Providers;
import ums.queue.NewEntry;
import ums.queue.Queue;

/** The effects of a decision on its message and the queue, in the caller's transaction. */
@Component
class MessageDecisions {

    private final DecisionRepository decisions;
    private final MessageRepository messages;
    private final Queue queue;
    private final Providers providers;
    private final ApplicationEventPublisher events;

    MessageDecisions(
            DecisionRepository decisions,
            MessageRepository messages,
            Queue queue,
            Providers providers,
            ApplicationEventPublisher events) {
        this.decisions = decisions;
        this.messages = messages;
        this.queue = queue;
        this.providers = providers;
        this.events = events;
    }

    /** The message, locked until the transaction ends. */
    Optional<LockedMessage> lock(UUID id) {
        return decisions.lock(id);
    }

    /**
     * Makes a new queue entry; recipients that the provider has not taken are pending again.
     *
     * @param outboxId the entry whose failure was decided about
     * @param provider the id of the only account that may have it from now on, or null to leave that as it is
     * @throws DecisionRefusedException if the message has expired, cannot be read, or has nobody left to send it to, or if it
     *     is in the queue
     */
    void retry(LockedMessage message, long outboxId, Instant now, @Nullable String provider) {
        if (provider != null
                && providers.find(message.channel(), false, provider).isEmpty()) {
            throw NotRoutableException.provider();
        }
        if (message.expired(now)) {
            throw new DecisionRefusedException(Cause.MESSAGE_EXPIRED, "The message has expired.");
        }
        if (!message.unreadable().isEmpty()) {
            throw unreadable(message.unreadable());
        }
        boolean nobody = message.recipients().stream().allMatch(it -> it.status() == Status.SENT);
        if (!MessageStatus.ACCEPTED.previous().contains(message.status()) || nobody || queue.isOpen(message.id())) {
            throw new DecisionRefusedException(
                    Cause.NOT_RETRYABLE,
                    "The message is " + message.status()
                            + ": nobody is left to send it to, or the queue has it already.");
        }
        if (!decisions.isContentReadable(message.id())) {
            throw unreadable(List.of("content"));
        }
        UnaryOperator<Status> again = it -> it == Status.SENT ? Status.SENT : Status.PENDING;
        move(
                message,
                outboxId,
                MessageStatus.ACCEPTED,
                again,
                TimelineEvent.of("retried", now, message.attemptCount()).at(provider),
                provider);
        queue.append(List.of(new NewEntry(
                message.id(),
                message.channel(),
                message.form(),
                message.priority(),
                now,
                null,
                message.expiresAt(),
                message.onUnknown() == null ? null : message.onUnknown() == OnUnknown.REVIEW)));
    }

    private static DecisionRefusedException unreadable(List<String> columns) {
        return new DecisionRefusedException(
                Cause.MESSAGE_UNREADABLE, "The message's stored " + String.join(", ", columns) + " cannot be read.");
    }

    /**
     * Counts the message as sent to all recipients but the refused.
     *
     * @param outboxId the entry whose failure was decided about
     * @throws DecisionRefusedException if the message is not in review
     */
    void markSent(LockedMessage message, long outboxId, Instant now) {
        if (message.status() != MessageStatus.MANUAL_REVIEW) {
            throw new DecisionRefusedException(
                    Cause.NOT_IN_REVIEW,
                    "Only a message in MANUAL_REVIEW can be marked as sent; it is " + message.status() + ".");
        }
        UnaryOperator<Status> sent = it -> it == Status.REFUSED ? Status.REFUSED : Status.SENT;
        move(message, outboxId, MessageStatus.SENT, sent, resolved(message, Decision.MARK_SENT, now), null);
    }

    /**
     * Ends a message in review as FAILED; of any other only the timeline records the decision.
     *
     * @param outboxId the entry whose failure was decided about
     */
    void abandon(LockedMessage message, long outboxId, Instant now) {
        TimelineEvent event = resolved(message, Decision.ABANDON, now);
        if (message.status() == MessageStatus.MANUAL_REVIEW) {
            move(message, outboxId, MessageStatus.FAILED, UnaryOperator.identity(), event, null);
        } else {
            decisions.note(message.id(), event);
        }
    }

    private void move(
            LockedMessage message,
            long outboxId,
            MessageStatus to,
            UnaryOperator<Status> status,
            TimelineEvent event,
            @Nullable String provider) {
        // An unreadable column is not overwritten.
        List<RecipientState> recipients = message.unreadable().contains("recipients")
                ? null
                : message.recipients().stream()
                        .map(it -> it.with(status.apply(it.status())))
                        .toList();
        if (!messages.apply(new MessageUpdate(
                message.id(),
                to,
                event.at(),
                recipients,
                null,
                null,
                event,
                null,
                false,
                provider,
                provider != null))) {
            throw new IllegalStateException("message " + message.id() + " does not go from " + message.status() + " to "
                    + to + " though it is locked");
        }
        events.publishEvent(MessageDecided.of(message, outboxId, to, event.at()));
    }

    /** The message's owner reads its timeline, so the admin and the reason are in the audit log only. */
    private static TimelineEvent resolved(LockedMessage message, Decision decision, Instant now) {
        return TimelineEvent.replied("resolved", now, message.attemptCount(), null, decision.name());
    }
}
