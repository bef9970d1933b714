package ums.channel.email;

import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;

/** One connection that is ready for messages, one after the other. Not for several threads at once. */
final class SmtpConnection implements AutoCloseable {

    static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

    private final SmtpWire wire;
    private final SmtpExtensions offered;
    private SmtpTransaction.End end = SmtpTransaction.End.FINISHED;
    private @Nullable ConnectionRequest next;
    private boolean rested;
    private int messages;
    private long restingSince;

    SmtpConnection(SmtpWire wire, SmtpExtensions offered) {
        this.wire = wire;
        this.offered = offered;
    }

    /**
     * Sends one e-mail.
     *
     * @param attemptEnd the instant at which the attempt is cut off
     * @param most how many messages it may carry
     * @param progress run as soon as MAIL is answered, unless the server has no use for the connection
     * @param line whom to begin behind the body, if anybody
     */
    SmtpResult send(
            Email email,
            long attemptEnd,
            int most,
            Runnable progress,
            BiFunction<Email, SmtpExtensions, @Nullable ConnectionRequest> line) {
        String lacked = offered.lackedBy(email);
        if (lacked != null) {
            return SmtpResult.of(email, new Outcome.Invalid(lacked), false);
        }
        wire.beginAttempt(attemptEnd);
        SmtpTransaction.Past past =
                new SmtpTransaction.Past(rested, messages, end == SmtpTransaction.End.UNFINISHED, next != null);
        next = null;
        SmtpTransaction transaction = new SmtpTransaction(wire, offered, email, past, progress, () -> {
            next = messages + 1 < most ? line.apply(email, offered) : null;
            return next == null ? null : next.email;
        });
        // Should anything go wrong beyond what a transaction foresees, the connection is not kept.
        end = SmtpTransaction.End.BROKEN;
        SmtpResult result = transaction.run();
        end = result.end();
        if (end == SmtpTransaction.End.FINISHED) {
            messages++;
        }
        return result;
    }

    /** How many messages it has carried. */
    int messages() {
        return messages;
    }

    /** Who was begun behind the last message and comes next; null where nobody was. */
    @Nullable ConnectionRequest next() {
        return next;
    }

    /** Ends the use by one attempt; false where there can be no other. */
    boolean rest() {
        restingSince = SmtpDeadline.now();
        rested = true;
        return switch (end) {
            case FINISHED, UNFINISHED -> wire.rest(next != null);
            case BROKEN, STALE, SPENT -> false;
        };
    }

    long restingSince() {
        return restingSince;
    }

    /** Says QUIT, waits a little for the answer (RFC 5321 section 4.1.1.10) and closes. */
    void quit() {
        try {
            wire.beginAttempt(SmtpDeadline.after(LONGEST_GOODBYE));
            wire.put("QUIT\r\n").flush(SmtpPhase.MAIL);
            wire.read(SmtpPhase.MAIL);
        } catch (SmtpFault _) {
            // It is over either way.
        } finally {
            wire.closeInOrder();
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
