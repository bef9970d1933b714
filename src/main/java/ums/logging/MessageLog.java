package ums.logging;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import ums.channel.Failure;

/**
 * All log lines about a message, from its acceptance to its end. Each line has its subject as key-value fields, for
 * programs; the text is for people. No line holds content, an address, or a provider's reply, which may repeat an
 * address.
 *
 * <p>INFO goes to the file only (see {@code logback-spring.xml}), as there is one line for each step of each message; a
 * line that an operator should look at is a WARN.
 */
public final class MessageLog {

    static final String NAME = "ums.messages";

    private static final int TRACE_ID_BEGINS = 3;
    private static final int TRACE_ID_ENDS = 35;

    private static final Logger log = LoggerFactory.getLogger(NAME);

    private MessageLog() {}

    /**
     * The subject of a line.
     *
     * @param messageId the message
     * @param outboxId the queue entry
     * @param attemptCount attempts begun so far, including this one
     * @param client the client that owns the message, or null where it is not known
     * @param channel its channel
     * @param traceparent the caller's trace (W3C Trace Context), or null where none is kept
     */
    public record Subject(
            UUID messageId,
            long outboxId,
            int attemptCount,
            @Nullable String client,
            String channel,
            @Nullable String traceparent) {}

    /** False where INFO is off, so that callers need not build the lines. */
    public static boolean isInfoEnabled() {
        return log.isInfoEnabled();
    }

    /** The message is in the ledger and in the queue. */
    public static void accepted(Subject subject) {
        about(Level.INFO, subject).log("{} is accepted", subject.messageId());
    }

    /** An attempt succeeded. */
    public static void sent(Subject subject) {
        about(Level.INFO, subject).log("{} is SENT", subject.messageId());
    }

    /** A contact rule delays the message. It is not an error. */
    public static void waits(Subject subject, String status, Instant until) {
        about(Level.INFO, subject)
                .addKeyValue("status", status)
                .log("{} waits until a contact rule allows it to be sent: {}", subject.messageId(), until);
    }

    /** An attempt went on to the next provider. The failure's text is not logged. */
    public static void wentOn(Subject subject, Failure failure, String next) {
        where(
                        failure,
                        about(Level.INFO, subject)
                                .addKeyValue("errorType", failure.type().name())
                                .addKeyValue("next", next))
                .log(
                        "Attempt {} of {} went on from {} to {}: {}",
                        subject.attemptCount(),
                        subject.messageId(),
                        failure.provider(),
                        next,
                        failure.type());
    }

    private static LoggingEventBuilder where(Failure failure, LoggingEventBuilder line) {
        if (failure.provider() != null) {
            line.addKeyValue("provider", failure.provider());
        }
        if (failure.code() != null) {
            line.addKeyValue("code", failure.code());
        }
        if (failure.phase() != null) {
            line.addKeyValue("phase", failure.phase());
        }
        return line;
    }

    /**
     * An attempt failed, or some recipients were refused. The failure's text is not logged.
     *
     * @param status the message's status now
     * @param next the time of the next attempt, or null for none
     */
    public static void failed(Subject subject, String status, Failure failure, @Nullable Instant next) {
        LoggingEventBuilder line = about(next == null ? Level.WARN : Level.INFO, subject)
                .addKeyValue("errorType", failure.type().name())
                .addKeyValue("status", status);
        where(failure, line);
        if (next == null) {
            line.log(
                    "{} is {} after attempt {}: {}",
                    subject.messageId(),
                    status,
                    subject.attemptCount(),
                    failure.type());
        } else {
            line.log(
                    "{} is {} after attempt {}: {}; tried again at {}",
                    subject.messageId(),
                    status,
                    subject.attemptCount(),
                    failure.type(),
                    next);
        }
    }

    /** One line in place of many: more attempts failed in the same way than are logged one by one. */
    public static void summary(String errorType, String channel, long attempts, long seconds, UUID last) {
        log.atWarn()
                .addKeyValue("errorType", errorType)
                .addKeyValue("channel", channel)
                .addKeyValue("attempts", attempts)
                .log(
                        "{} more attempts failed with {} within {} s, without a line each; the last was of {}",
                        attempts,
                        errorType,
                        seconds,
                        last);
    }

    /** The message ended without an attempt. */
    public static void ended(Subject subject, String status) {
        about(Level.INFO, subject).addKeyValue("status", status).log("{} is {}", subject.messageId(), status);
    }

    /** An admin decided the message's outcome. */
    public static void decided(Subject subject, String status) {
        about(Level.INFO, subject)
                .addKeyValue("status", status)
                .log("{} is {} by an admin's decision", subject.messageId(), status);
    }

    /** An earlier attempt that was given up turns out to have succeeded. */
    public static void succeededLate(Subject subject) {
        about(Level.WARN, subject)
                .log("{} is SENT: an attempt that was given up had succeeded after all", subject.messageId());
    }

    /** The outcome of an attempt was discarded, as the claim now belongs to another process. */
    public static void claimLost(Subject subject) {
        about(Level.WARN, subject)
                .log(
                        "The claim of {} was lost to another owner, and the outcome of its attempt was discarded",
                        subject.messageId());
    }

    /** The database is out of reach for an outcome. */
    public static void outcomeKept(Subject subject, Exception why) {
        about(Level.WARN, subject)
                .log("The outcome of an attempt cannot be written now; it is kept and tried again: {}", why.toString());
    }

    /** The ledger says that the message is not waiting to be sent. */
    public static void entryDropped(Subject subject) {
        about(Level.ERROR, subject).log("A queue entry was dropped: its message does not wait to be sent");
    }

    /** The ledger says that the message is not waiting for an outcome. */
    public static void outcomeDropped(Subject subject) {
        about(Level.ERROR, subject).log("The outcome of an attempt was dropped: its message did not wait for one");
    }

    /** An attempt ended in a bug of UMS. */
    public static void attemptBroken(Subject subject, Throwable why) {
        about(Level.ERROR, subject)
                .setCause(why)
                .log("An attempt ended in an internal error of UMS; its claim is rescued once stale");
    }

    /** The exception itself is not logged: its message might repeat an address or the subject. */
    public static void notRendered(Subject subject, String errorType, Exception why) {
        StackTraceElement[] trace = why.getStackTrace();
        about(Level.ERROR, subject)
                .addKeyValue("errorType", errorType)
                .log(
                        "A message cannot be rendered: {} at {}",
                        why.getClass().getName(),
                        trace.length == 0 ? "an unknown location" : trace[0]);
    }

    private static LoggingEventBuilder about(Level level, Subject subject) {
        LoggingEventBuilder line = log.atLevel(level)
                .addKeyValue("messageId", subject.messageId())
                .addKeyValue("outboxId", subject.outboxId())
                .addKeyValue("attemptCount", subject.attemptCount())
                .addKeyValue("channel", subject.channel());
        if (subject.client() != null) {
            line.addKeyValue("client", subject.client());
        }
        String traceparent = subject.traceparent();
        if (traceparent != null) {
            line.addKeyValue("traceId", traceparent.substring(TRACE_ID_BEGINS, TRACE_ID_ENDS));
        }
        return line;
    }
}
