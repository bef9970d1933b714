package ums.observability;

import java.time.Instant;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.Failure;
import ums.logging.MessageLog;
import ums.logging.MessageLog.Subject;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageEvents.MessageAccepted;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageEvents.MessageEnded;
import ums.message.MessageEvents.MessagesAccepted;
import ums.message.MessageUpdate;

/** Logs each change of a message after its commit. */
@Component
class MessageLogListener {

    private final FailureFlood flood = new FailureFlood();

    @TransactionalEventListener(fallbackExecution = true)
    void onAccepted(MessagesAccepted accepted) {
        if (MessageLog.isInfoEnabled()) {
            accepted.messages().forEach(it -> MessageLog.accepted(subject(it)));
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onSettled(AttemptsSettled settled) {
        settled.attempts().forEach(this::log);
    }

    private void log(AttemptSettled settled) {
        MessageUpdate update = settled.update();
        Failure error = update.error() == null ? settled.toHandle() : update.error();
        Instant until = settled.waitsUntil();
        if (until != null) {
            MessageLog.waits(settled.subject(), update.status().name(), until);
        } else if (error == null) {
            if (MessageLog.isInfoEnabled()) {
                MessageLog.sent(settled.subject());
            }
        } else if (flood.admits(error.type(), settled.claim().channel(), update.messageId())) {
            MessageLog.failed(settled.subject(), update.status().name(), error, update.nextAttemptAt());
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onLateSuccess(LateSuccess late) {
        MessageLog.succeededLate(
                new Subject(late.id(), late.outboxId(), late.attempt(), late.client(), late.channel(), null));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onDecided(MessageDecided decided) {
        MessageLog.decided(
                new Subject(
                        decided.id(),
                        decided.outboxId(),
                        decided.attempts(),
                        decided.client(),
                        decided.channel(),
                        null),
                decided.status().name());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onEnded(MessageEnded ended) {
        MessageLog.ended(
                new Subject(ended.id(), ended.outboxId(), ended.attempts(), ended.client(), ended.channel(), null),
                ended.status().name());
    }

    @Scheduled(fixedDelay = FailureFlood.SECONDS * 1_000)
    void summarize() {
        flood.summarize();
    }

    private static Subject subject(MessageAccepted it) {
        return new Subject(it.id(), it.outboxId(), 0, it.client(), it.channel(), it.traceparent());
    }
}
