package ums.provider.smtp;

import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import ums.channel.email.Email;
import ums.provider.Outcome;

/** One connection that is ready for messages, one after the other. Not thread-safe. */
final class SmtpConnection implements AutoCloseable {

    static final Duration QUIT_TIMEOUT = Duration.ofSeconds(2);

    private final SmtpWire wire;
    private final SmtpExtensions offered;
    private SmtpTransaction.End end = SmtpTransaction.End.FINISHED;
    private @Nullable ConnectionRequest next;
    private boolean kept;
    private int messages;
    private long idleSince;

    SmtpConnection(SmtpWire wire, SmtpExtensions offered) {
        this.wire = wire;
        this.offered = offered;
    }

    /**
     * Sends one e-mail.
     *
     * @param attemptEnd the instant at which the attempt is cut off
     * @param most how many messages the connection may carry
     * @param progress run as soon as MAIL is answered, unless the server refused for having too many connections
     * @param pipelineNext returns the request to pipeline behind the body, or null
     */
    SmtpResult send(
            Email email,
            long attemptEnd,
            int most,
            Runnable progress,
            BiFunction<Email, SmtpExtensions, @Nullable ConnectionRequest> pipelineNext) {
        String lacked = offered.lackedBy(email);
        if (lacked != null) {
            return SmtpResult.of(email, new Outcome.Invalid(lacked), false);
        }
        wire.beginAttempt(attemptEnd);
        SmtpTransaction.Past past =
                new SmtpTransaction.Past(kept, messages, end == SmtpTransaction.End.UNFINISHED, next != null);
        next = null;
        SmtpTransaction transaction = new SmtpTransaction(wire, offered, email, past, progress, () -> {
            next = messages + 1 < most ? pipelineNext.apply(email, offered) : null;
            return next == null ? null : next.email;
        });
        // Should the transaction throw unexpectedly, the connection is not kept.
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

    /** The request that was pipelined behind the last message, or null. */
    @Nullable ConnectionRequest next() {
        return next;
    }

    /** Ends the use by one attempt; false where the connection cannot be used again. */
    boolean endUse() {
        idleSince = SmtpDeadline.now();
        kept = true;
        return switch (end) {
            case FINISHED, UNFINISHED -> wire.endUse(next != null);
            case BROKEN, STALE, SPENT -> false;
        };
    }

    long idleSince() {
        return idleSince;
    }

    /** Sends QUIT, waits up to two seconds for the reply (RFC 5321 section 4.1.1.10) and closes. */
    void quit() {
        try {
            wire.beginAttempt(SmtpDeadline.after(QUIT_TIMEOUT));
            wire.put("QUIT\r\n").flush(SmtpPhase.MAIL);
            wire.read(SmtpPhase.MAIL);
        } catch (SmtpFault _) {
            // The connection is closed either way.
        } finally {
            wire.closeGracefully();
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
