package ums.channel.email;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;
import ums.channel.Reply;

/**
 * One e-mail over a connection that is ready for it (RFC 5321 section 3.3): MAIL, RCPT for each recipient, DATA, the body.
 * Where the server offers PIPELINING (RFC 2920), all commands go out in one write, and the replies are read in their
 * order.
 */
final class SmtpTransaction {

    /** In what state a transaction leaves its connection. */
    enum End {
        /** The server has finished the transaction, one way or the other. */
        FINISHED,
        /** The transaction stands open and must be reset before the next. */
        UNFINISHED,
        /** The connection is lost, or in doubt. */
        BROKEN,
        /** A kept connection turned out to be gone before anything was answered: no fault, to be tried afresh. */
        STALE
    }

    private final SmtpWire wire;
    private final SmtpExtensions offered;
    private final Email email;
    private final List<Recipient> recipients;
    private final List<@Nullable Outcome> outcomes;
    private final boolean kept;
    private final boolean resetFirst;
    private final boolean begun;
    private final Runnable progress;
    private final Supplier<@Nullable Email> line;
    private boolean answered;
    private boolean serverFault;
    private End end = End.BROKEN;

    /**
     * @param kept whether the connection has had a pause, in which the server may have left
     * @param resetFirst whether it ended {@link End#UNFINISHED}
     * @param begun whether its commands went out behind the body of the message before
     * @param progress run as soon as MAIL is answered with anything but 421
     * @param line asked once for what to begin behind the body
     */
    SmtpTransaction(
            SmtpWire wire,
            SmtpExtensions offered,
            Email email,
            boolean kept,
            boolean resetFirst,
            boolean begun,
            Runnable progress,
            Supplier<@Nullable Email> line) {
        this.wire = wire;
        this.offered = offered;
        this.email = email;
        this.recipients = email.recipients();
        this.outcomes =
                new ArrayList<@Nullable Outcome>(Collections.<@Nullable Outcome>nCopies(recipients.size(), null));
        this.kept = kept;
        this.resetFirst = resetFirst;
        this.begun = begun;
        this.progress = progress;
        this.line = line;
    }

    End end() {
        return end;
    }

    /** What became of each recipient; meaningless where it ended {@link End#STALE}. */
    List<RecipientOutcome> run() {
        try {
            end = converse();
        } catch (SmtpFault fault) {
            end = kept && !answered && fault.gone() ? End.STALE : End.BROKEN;
            decideOthers(fault.outcome());
        } catch (RuntimeException e) {
            // Nothing here should throw one. If something does, the phase still says what may have happened.
            decideOthers(SmtpReplies.failed(wire.phase(), e));
        }
        List<RecipientOutcome> result = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            if (outcome == null) {
                throw new IllegalStateException("a recipient without an outcome");
            }
            result.add(new RecipientOutcome(recipients.get(i), outcome, serverFault));
        }
        return result;
    }

    private End converse() throws SmtpFault {
        if (offered.pipelining() && !begun) {
            if (resetFirst) {
                wire.put("RSET\r\n");
            }
            wire.put(group(email)).flush(SmtpPhase.MAIL);
        }
        if (resetFirst && !isReset()) {
            return abandonUnreset();
        }
        Outcome ofMail = mail();
        if (ofMail != null) {
            decideOthers(ofMail);
            if (!offered.pipelining()) {
                return End.UNFINISHED;
            }
        }
        int accepted = rcpt();
        if (accepted == 0 && !offered.pipelining()) {
            return End.UNFINISHED;
        }
        Outcome ofData = data();
        if (ofData != null) {
            decideOthers(ofData);
            return End.UNFINISHED;
        }
        if (ofMail != null || accepted == 0) {
            return finishUnwanted(accepted);
        }
        return body();
    }

    /** Everything up to DATA in one write; DATA is the last of a group (RFC 2920 section 3.1). */
    private String group(Email of) {
        StringBuilder group = new StringBuilder(SmtpEnvelope.mail(of, offered));
        for (Recipient recipient : of.recipients()) {
            group.append(SmtpEnvelope.rcpt(recipient));
        }
        return group.append("DATA\r\n").toString();
    }

    /** A body may be the first of a group (RFC 2920 section 3.1): the next message's commands need not wait for its answer. */
    private String groupBehind() {
        Email next = offered.pipelining() ? line.get() : null;
        return next == null ? "" : group(next);
    }

    private boolean isReset() throws SmtpFault {
        ask("RSET\r\n", SmtpPhase.MAIL);
        Reply reply = wire.read(SmtpPhase.MAIL);
        throwIfOver(SmtpPhase.MAIL, reply, SmtpReplies.judge(SmtpPhase.MAIL, reply));
        answered = true;
        return reply.code() / 100 == 2;
    }

    /** Without RSET the recipients of the message before may still be in it: not one command more on this connection. */
    private End abandonUnreset() {
        decideOthers(SmtpReplies.lost(SmtpPhase.MAIL, "the server refused RSET"));
        return End.STALE;
    }

    private @Nullable Outcome mail() throws SmtpFault {
        ask(SmtpEnvelope.mail(email, offered), SmtpPhase.MAIL);
        Reply reply = wire.read(SmtpPhase.MAIL);
        // A server that leaves before it knows a recipient means itself, not the message.
        serverFault = SmtpReplies.saysGoodbye(reply);
        Outcome outcome = judge(SmtpPhase.MAIL, reply);
        answered = true;
        progress.run();
        return outcome;
    }

    private int rcpt() throws SmtpFault {
        int accepted = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            ask(SmtpEnvelope.rcpt(recipients.get(i)), SmtpPhase.RCPT);
            Outcome outcome = answer(SmtpPhase.RCPT);
            if (outcome == null) {
                accepted++;
            } else if (outcomes.get(i) == null) {
                outcomes.set(i, outcome);
            }
        }
        return accepted;
    }

    private @Nullable Outcome data() throws SmtpFault {
        ask("DATA\r\n", SmtpPhase.DATA);
        return answer(SmtpPhase.DATA);
    }

    private End body() throws SmtpFault {
        if (wire.holdsMore()) {
            // More replies than commands: what comes next would be taken for the answer to the body.
            throw new SmtpFault(SmtpReplies.unreadable(SmtpPhase.BODY, "more replies than commands"));
        }
        wire.writeBody(email.bytes(), email.mayFinish(), this::groupBehind);
        Outcome outcome = answer(SmtpPhase.FINAL_DOT);
        if (outcome != null) {
            decideOthers(outcome);
        }
        return End.FINISHED;
    }

    /**
     * Answers a 354 that nobody wants any more. RFC 2920 section 3.1: with the dot alone, as the server has no recipient
     * to give it to. Where it has one after all, an empty message would reach it: the connection is given up.
     */
    private End finishUnwanted(int accepted) throws SmtpFault {
        if (accepted > 0) {
            return End.BROKEN;
        }
        wire.put(".\r\n").flush(SmtpPhase.DATA);
        wire.read(SmtpPhase.DATA);
        return End.UNFINISHED;
    }

    /** Says a command, unless it went out with the group. */
    private void ask(String command, SmtpPhase phase) throws SmtpFault {
        if (!offered.pipelining()) {
            wire.put(command).flush(phase);
        }
    }

    private @Nullable Outcome answer(SmtpPhase phase) throws SmtpFault {
        return judge(phase, wire.read(phase));
    }

    private static @Nullable Outcome judge(SmtpPhase phase, Reply reply) throws SmtpFault {
        Outcome outcome = SmtpReplies.judge(phase, reply);
        throwIfOver(phase, reply, outcome);
        return outcome;
    }

    /** After a goodbye, or a reply that cannot stand here, no reply that may follow means anything. */
    private static void throwIfOver(SmtpPhase phase, Reply reply, @Nullable Outcome outcome) throws SmtpFault {
        switch (outcome) {
            case Outcome.Disconnected it -> throw new SmtpFault(it, SmtpReplies.saysGoodbye(reply));
            case Outcome.Unknown it -> throw new SmtpFault(it);
            case null, default -> {
                // The dialogue goes on.
            }
        }
    }

    private void decideOthers(Outcome outcome) {
        outcomes.replaceAll(it -> it == null ? outcome : it);
    }
}
