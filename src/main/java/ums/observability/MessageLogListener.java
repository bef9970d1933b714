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
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageEvents.MessageEnded;
import ums.message.MessageEvents.MessagesAccepted;

/** Logs each change of a message after its commit. */
@Component
class MessageLogListener {

    private final FailureFlood flood = new FailureFlood();

    @TransactionalEventListener(fallbackExecution = true)
    void onAccepted(MessagesAccepted accepted) {
        if (MessageLog.isInfoEnabled()) {
            accepted.messages().forEach(MessageLog::accepted);
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onSettled(AttemptsSettled settled) {
        settled.attempts().forEach(this::log);
    }

    private void log(AttemptSettled settled) {
        Failure error = settled.error() == null ? settled.toHandle() : settled.error();
        Instant hour = settled.waitsForItsHour();
        if (hour != null) {
            MessageLog.waits(subject(settled), settled.status().name(), hour);
        } else if (error == null) {
            if (MessageLog.isInfoEnabled()) {
                MessageLog.sent(subject(settled));
            }
        } else if (flood.admits(error.type(), settled.channel(), settled.id())) {
            MessageLog.failed(subject(settled), settled.status().name(), error, settled.nextAttemptAt());
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onLateSuccess(LateSuccess late) {
        MessageLog.succeededLate(late.subject());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onDecided(MessageDecided decided) {
        MessageLog.decided(decided.subject(), decided.status().name());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onEnded(MessageEnded ended) {
        MessageLog.ended(ended.subject(), ended.status().name());
    }

    @Scheduled(fixedDelay = FailureFlood.SECONDS * 1_000)
    void summarize() {
        flood.summarize();
    }

    private static Subject subject(AttemptSettled it) {
        return new Subject(it.id(), it.outboxId(), it.attempt(), it.client(), it.channel(), it.traceparent());
    }
}
