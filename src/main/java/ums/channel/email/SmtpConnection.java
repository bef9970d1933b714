package ums.channel.email;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;

/** One connection that is ready for messages, one after the other. Not for several threads at once. */
final class SmtpConnection implements AutoCloseable {

    static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

    private final SmtpWire wire;
    private final SmtpExtensions offered;
    private SmtpTransaction.End end = SmtpTransaction.End.FINISHED;
    private @Nullable SmtpTurn next;
    private boolean rested;
    private long restingSince;

    SmtpConnection(SmtpWire wire, SmtpExtensions offered) {
        this.wire = wire;
        this.offered = offered;
    }

    /**
     * Sends one e-mail.
     *
     * @param attemptEnd the instant at which the attempt is cut off
     * @param progress run as soon as MAIL is answered with anything but 421
     * @param line whom to begin behind the body, if anybody
     * @return what became of each recipient; not to be used when the connection is {@linkplain #isStale stale} thereafter
     */
    List<RecipientOutcome> send(
            Email email,
            long attemptEnd,
            Runnable progress,
            BiFunction<Email, SmtpExtensions, @Nullable SmtpTurn> line) {
        String lacked = offered.lackedBy(email);
        if (lacked != null) {
            return SmtpEmailSender.forAll(email, new Outcome.Invalid(lacked));
        }
        wire.beginAttempt(attemptEnd);
        boolean begun = next != null;
        next = null;
        SmtpTransaction transaction = new SmtpTransaction(
                wire, offered, email, rested, end == SmtpTransaction.End.UNFINISHED, begun, progress, () -> {
                    next = line.apply(email, offered);
                    return next == null ? null : next.email;
                });
        // Should anything go wrong beyond what a transaction foresees, the connection is not kept.
        end = SmtpTransaction.End.BROKEN;
        List<RecipientOutcome> outcomes = transaction.run();
        end = transaction.end();
        return outcomes;
    }

    /** Whether the server had left before the last message, so that nothing of it was sent. */
    boolean isStale() {
        return end == SmtpTransaction.End.STALE;
    }

    /** Who was begun behind the last message and comes next; null where nobody was. */
    @Nullable SmtpTurn next() {
        return next;
    }

    /** Ends the use by one attempt; false where there can be no other. */
    boolean rest() {
        restingSince = SmtpDeadline.now();
        rested = true;
        return switch (end) {
            case FINISHED, UNFINISHED -> wire.rest(next != null);
            case BROKEN, STALE -> false;
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
