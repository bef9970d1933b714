package ums.provider.smtp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits that one server was found to have: messages per connection, recipients per transaction. Each limit expires
 * after half an hour, as servers change theirs; finding it again costs one refused command. Safe for several threads.
 */
final class SmtpLimits {

    private static final Logger log = LoggerFactory.getLogger(SmtpLimits.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(30);
    private static final int NONE = Integer.MAX_VALUE;

    private final String server;
    private final int maxRecipients;
    private volatile @Nullable Limit messages;
    private volatile @Nullable Limit recipients;
    private int refusedAfter;

    /**
     * @param server the server's name, for the log
     * @param maxRecipients the configured maximum of recipients per transaction
     */
    SmtpLimits(String server, int maxRecipients) {
        this.server = server;
        this.maxRecipients = maxRecipients;
    }

    /** The most messages sent over one connection. */
    int messagesPerConnection() {
        return most(messages);
    }

    /** The most recipients named in one transaction. */
    int recipientsPerTransaction() {
        return Math.min(maxRecipients, most(recipients));
    }

    /**
     * Learns from a message that a kept connection refused and a new one took.
     *
     * @param carried how many messages it had carried
     * @param said whether the reply named connections as the reason; else two equal observations are needed
     */
    synchronized void connectionSpent(int carried, boolean said) {
        if (carried < 1) {
            return;
        }
        boolean agreed = refusedAfter == carried;
        refusedAfter = carried;
        if (said || agreed) {
            if (messagesPerConnection() != carried) {
                log.info("The SMTP server {} takes {} messages over one connection", server, carried);
            }
            messages = new Limit(carried, SmtpDeadline.after(REMEMBERED));
        }
    }

    /** Learns from a transaction in which the server refused further recipients, and took them in the next. */
    synchronized void recipientsTaken(int most) {
        if (recipientsPerTransaction() != most) {
            log.info("The SMTP server {} takes {} recipients in one transaction", server, most);
        }
        recipients = new Limit(most, SmtpDeadline.after(REMEMBERED));
    }

    private static int most(@Nullable Limit limit) {
        return limit == null || limit.until() < SmtpDeadline.now() ? NONE : limit.most();
    }

    private record Limit(int most, long until) {}
}
