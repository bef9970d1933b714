package ums.observability;

import java.time.Instant;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.Failure;
import ums.delivery.WentOn;
import ums.logging.MessageLog;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
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
            accepted.messages().forEach(MessageLog::accepted);
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

    @EventListener
    void onWentOn(WentOn went) {
        if (flood.admits(
                went.failure().type(), went.subject().channel(), went.subject().messageId())) {
            MessageLog.wentOn(went.subject(), went.failure(), went.next());
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
}
