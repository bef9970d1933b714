package ums.channel.email;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;

/** Sends over SMTP to one server, over connections that are kept open. */
public final class SmtpEmailSender implements EmailSender, AutoCloseable {

    private final SmtpConnections connections;
    private final @Nullable Duration attemptTimeout;

    /**
     * @param attemptTimeout how long one attempt may take from its beginning to its end, waiting for a connection
     *     included; null for no limit but that of each step
     */
    public SmtpEmailSender(SmtpServer server, @Nullable Duration attemptTimeout) {
        this(server, attemptTimeout, null, SmtpConnections.LONGEST_REST);
    }

    /**
     * For tests.
     *
     * @param trust whose certificates are believed where they are checked; null for Java's own list
     * @param longestRest how long a connection is kept unused
     */
    SmtpEmailSender(
            SmtpServer server, @Nullable Duration attemptTimeout, @Nullable SSLContext trust, Duration longestRest) {
        this.attemptTimeout = attemptTimeout;
        connections = new SmtpConnections(server, trust, longestRest);
    }

    @Override
    public List<RecipientOutcome> send(Email email) {
        String flaw = SmtpEnvelope.flaw(email);
        if (flaw != null) {
            return forAll(email, new Outcome.Invalid(flaw));
        }
        long end = attemptTimeout == null ? SmtpDeadline.NEVER : SmtpDeadline.after(attemptTimeout);
        try {
            if (!connections.enter(end)) {
                return forAll(email, SmtpReplies.timedOut(SmtpPhase.CONNECT, "all connections are in use"));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return forAll(email, SmtpReplies.lost(SmtpPhase.CONNECT, "interrupted"));
        }
        try {
            return sendKeptOrNew(email, end);
        } catch (SmtpFault fault) {
            return forAll(email, fault.outcome());
        } finally {
            connections.leave();
        }
    }

    /** A kept connection that the server has left meanwhile is no fault; then those beside it have gone too. */
    private List<RecipientOutcome> sendKeptOrNew(Email email, long end) throws SmtpFault {
        SmtpConnection kept = connections.takeKept();
        if (kept != null) {
            List<RecipientOutcome> outcomes = sendOver(kept, email, end);
            if (!kept.isStale()) {
                return outcomes;
            }
        }
        return sendOver(connections.open(end), email, end);
    }

    private List<RecipientOutcome> sendOver(SmtpConnection connection, Email email, long end) {
        try {
            return connection.send(email, end);
        } finally {
            connections.giveBack(connection);
        }
    }

    /** The same outcome for each recipient. */
    static List<RecipientOutcome> forAll(Email email, Outcome outcome) {
        return email.recipients().stream()
                .map(recipient -> new RecipientOutcome(recipient, outcome))
                .toList();
    }

    @Override
    public void close() {
        connections.close();
    }
}
