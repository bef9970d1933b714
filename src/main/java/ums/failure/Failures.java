package ums.failure;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.failure.DecisionRefusedException.Cause;
import ums.message.LockedMessage;

/**
 * Failures and decisions about them. A decision, its effects on message and queue, and its audit entry are one transaction. Of
 * several decisions about one failure the first is carried out and the others are refused.
 */
@Service
public class Failures {

    private static final String RETRIED = "RETRIED";

    private final FailureRepository failures;
    private final MessageDecisions messages;
    private final AuditLog audit;
    private final Clock clock;

    Failures(FailureRepository failures, MessageDecisions messages, AuditLog audit, Clock clock) {
        this.failures = failures;
        this.messages = messages;
        this.audit = audit;
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
     * Queues a message again for all recipients that the provider has not taken, with as many attempts as a new one.
     *
     * @param admin the deciding admin
     * @param reason the admin's reason
     * @return the failure, handled; empty if there is none
     * @throws DecisionRefusedException if it is handled already, or the message has expired, cannot be read, has no recipient
     *     left, or is in the queue
     */
    @Transactional
    public Optional<SendFailure> retry(UUID id, String admin, String reason) {
        return retry(id, admin, reason, null);
    }

    /**
     * The same, by one provider. If an earlier attempt at another one has an unknown outcome, the message may arrive twice.
     *
     * @param provider the id of the only account that may have the message from now on, or null to leave that as it is
     * @throws ums.message.NotRoutableException if it is not on the channel's route
     */
    @Transactional
    public Optional<SendFailure> retry(UUID id, String admin, String reason, @Nullable String provider) {
        String action = provider == null ? "failure.retry" : "failure.retry-at:" + provider;
        return decide(
                id,
                admin,
                RETRIED,
                action,
                reason,
                (message, outboxId, now) -> messages.retry(message, outboxId, now, provider));
    }

    /**
     * Resolves a failure without sending.
     *
     * @param admin the deciding admin
     * @param reason the admin's reason
     * @return the failure, handled; empty if there is none
     * @throws DecisionRefusedException if it is handled already, or the message does not allow the decision
     */
    @Transactional
    public Optional<SendFailure> resolve(UUID id, Decision decision, String admin, String reason) {
        return switch (decision) {
            case MARK_SENT -> decide(id, admin, decision.name(), "failure.mark-sent", reason, messages::markSent);
            case ABANDON -> decide(id, admin, decision.name(), "failure.abandon", reason, messages::abandon);
        };
    }

    /**
     * Closes the open failure of a message that needs no decision any more, in the caller's transaction, which has changed the
     * message's row.
     *
     * @param resolution the reason, such as {@code LATE_SUCCESS}
     * @return false if the message has no open failure
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
            Optional<LockedMessage> message = messages.lock(found.messageId());
            // Under the lock, as another decision may have been made since the read above.
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** The effect of a decision on the locked message. */
    private interface Effect {
        void on(LockedMessage message, long outboxId, Instant now);
    }
}
