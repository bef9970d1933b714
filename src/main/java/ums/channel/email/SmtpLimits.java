package ums.channel.email;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one server was found to take: messages over one connection, recipients in one transaction. Each limit is forgotten
 * after a while, as servers change theirs; the message that then finds it anew is delayed by one refused command. For several
 * threads at once.
 */
final class SmtpLimits {

    private static final Logger log = LoggerFactory.getLogger(SmtpLimits.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(30);
    private static final int NONE = Integer.MAX_VALUE;

    private final String server;
    private volatile @Nullable Limit messages;
    private volatile @Nullable Limit recipients;
    private int refusedAfter;

    /** @param server which server, for people */
    SmtpLimits(String server) {
        this.server = server;
    }

    /** How many messages go over one connection. */
    int messagesPerConnection() {
        return most(messages);
    }

    /** How many recipients are named in one transaction. */
    int recipientsPerTransaction() {
        return most(recipients);
    }

    /**
     * A kept connection refused a message that a new one took.
     *
     * @param carried how many messages it had carried
     * @param said whether the reply said that it was about the connection; else two have to agree
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

    /** The server refused more recipients than that in one transaction, and took them in the next. */
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
