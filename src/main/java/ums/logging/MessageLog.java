package ums.logging;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Everything that the log says about a message, from its acceptance to its end. Each line has what it is about as fields of
 * their own, for programs; the text is for people. No line holds content, an address, or what a provider answered, which
 * may repeat one.
 *
 * <p>INFO goes to the file only (see {@code logback-spring.xml}), as it is one line for each step of each message; what
 * somebody should look at is a WARN.
 */
public final class MessageLog {

    static final String NAME = "ums.messages";

    private static final int TRACE_ID_BEGINS = 3;
    private static final int TRACE_ID_ENDS = 35;

    private static final Logger log = LoggerFactory.getLogger(NAME);

    private MessageLog() {}

    /**
     * What a line is about.
     *
     * @param messageId the message
     * @param outboxId the order in the queue
     * @param attemptCount attempts begun so far, this one included
     * @param client whose it is, or null where the one who writes does not know
     * @param channel what it goes by
     * @param traceparent the caller's trace (W3C Trace Context), or null where none is kept
     */
    public record Subject(
            UUID messageId,
            long outboxId,
            int attemptCount,
            @Nullable String client,
            String channel,
            @Nullable String traceparent) {}

    /**
     * Why an attempt failed.
     *
     * @param errorType the contract's word
     * @param smtpCode what the provider answered, or null
     * @param phase where in the dialogue, or null
     */
    public record Fault(
            String errorType,
            @Nullable Integer smtpCode,
            @Nullable String phase) {}

    /** False where nobody reads what goes well, so that it need not be put together. */
    public static boolean tellsWhatGoesWell() {
        return log.isInfoEnabled();
    }

    /** It is in the ledger and in the queue. */
    public static void accepted(Subject subject) {
        about(Level.INFO, subject).log("{} is accepted", subject.messageId());
    }

    /** An attempt succeeded. */
    public static void sent(Subject subject) {
        about(Level.INFO, subject).log("{} is SENT", subject.messageId());
    }

    /** A contact rule lets it wait until then. Nothing failed. */
    public static void waits(Subject subject, String status, Instant until) {
        about(Level.INFO, subject)
                .addKeyValue("status", status)
                .log("{} waits for the hour at which a contact rule lets it go: {}", subject.messageId(), until);
    }

    /**
     * An attempt failed, or left somebody refused.
     *
     * @param status where the message stands now
     * @param next when it is tried again, or null where it is not
     */
    public static void failed(Subject subject, String status, Fault fault, @Nullable Instant next) {
        LoggingEventBuilder line = about(next == null ? Level.WARN : Level.INFO, subject)
                .addKeyValue("errorType", fault.errorType())
                .addKeyValue("status", status);
        if (fault.smtpCode() != null) {
            line.addKeyValue("smtpCode", fault.smtpCode());
        }
        if (fault.phase() != null) {
            line.addKeyValue("phase", fault.phase());
        }
        if (next == null) {
            line.log(
                    "{} is {} after attempt {}: {}",
                    subject.messageId(),
                    status,
                    subject.attemptCount(),
                    fault.errorType());
        } else {
            line.log(
                    "{} is {} after attempt {}: {}; tried again at {}",
                    subject.messageId(),
                    status,
                    subject.attemptCount(),
                    fault.errorType(),
                    next);
        }
    }

    /** More attempts failed in the same way than there should be lines about. */
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

    /** It ended without an attempt. */
    public static void ended(Subject subject, String status) {
        about(Level.INFO, subject).addKeyValue("status", status).log("{} is {}", subject.messageId(), status);
    }

    /** An admin decided. */
    public static void decided(Subject subject, String status) {
        about(Level.INFO, subject)
                .addKeyValue("status", status)
                .log("{} is {} by an admin's decision", subject.messageId(), status);
    }

    /** An earlier attempt, given up for lost, turns out to have succeeded. */
    public static void succeededLate(Subject subject) {
        about(Level.WARN, subject)
                .log("{} is SENT: an attempt that was given up had succeeded after all", subject.messageId());
    }

    /** What the owner of a claim had to say was not written. */
    public static void claimLost(Subject subject) {
        about(Level.WARN, subject)
                .log("The claim of {} was lost to another owner, and so was what became of it", subject.messageId());
    }

    /** The database does not take an outcome. */
    public static void outcomeKept(Subject subject, Exception why) {
        about(Level.WARN, subject)
                .log("The outcome of an attempt cannot be written now; it is kept and tried again: {}", why.toString());
    }

    /** The ledger says that it does not wait to be sent. */
    public static void entryDropped(Subject subject) {
        about(Level.ERROR, subject).log("An order was dropped: its message does not wait to be sent");
    }

    /** The ledger says that it did not wait for an outcome. */
    public static void outcomeDropped(Subject subject) {
        about(Level.ERROR, subject).log("The outcome of an attempt was dropped: its message did not wait for one");
    }

    /** A fault of UMS itself. */
    public static void attemptBroken(Subject subject, Throwable why) {
        about(Level.ERROR, subject)
                .setCause(why)
                .log("An attempt ended in a fault of UMS itself; its claim is taken back once stale");
    }

    /** Not the exception itself: its message might repeat an address or the subject. */
    public static void notRendered(Subject subject, String errorType, Exception why) {
        StackTraceElement[] trace = why.getStackTrace();
        about(Level.ERROR, subject)
                .addKeyValue("errorType", errorType)
                .log(
                        "A message cannot be rendered: {} at {}",
                        why.getClass().getName(),
                        trace.length == 0 ? "an unknown place" : trace[0]);
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
