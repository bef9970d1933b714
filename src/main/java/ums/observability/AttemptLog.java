package ums.observability;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.message.LastError;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;

/** The wording of the log along a message's path: one line an attempt, without content and without addresses. */
@Component
class AttemptLog {

    private static final Logger log = LoggerFactory.getLogger(AttemptLog.class);

    @TransactionalEventListener(fallbackExecution = true)
    void onSettled(AttemptsSettled settled) {
        settled.attempts().forEach(AttemptLog::tell);
    }

    private static void tell(AttemptSettled settled) {
        LastError error = settled.error();
        LoggingEventBuilder line = (error == null ? log.atDebug() : log.atInfo())
                .addKeyValue("messageId", settled.id())
                .addKeyValue("outboxId", settled.outboxId())
                .addKeyValue("attemptCount", settled.attempt())
                .addKeyValue("channel", settled.channel());
        if (error == null) {
            line.log("{} is {}", settled.id(), settled.status());
        } else {
            line.addKeyValue("errorType", error.type())
                    .log(
                            "{} is {} after attempt {}: {}",
                            settled.id(),
                            settled.status(),
                            settled.attempt(),
                            error.type());
        }
    }
}
