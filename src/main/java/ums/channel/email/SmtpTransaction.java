package ums.channel.email;

import java.util.ArrayList;
import java.util.BitSet;
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
        STALE,
        /** The server refused it before it took anybody, which may be for the connection's sake: not to be used again. */
        SPENT
    }

    /**
     * What its connection has behind it.
     *
     * @param kept whether it has had a pause, in which the server may have left
     * @param messages how many messages it has carried
     * @param resetFirst whether the transaction before ended {@link End#UNFINISHED}
     * @param begun whether the commands of this one went out behind the body of the message before
     */
    record Past(boolean kept, int messages, boolean resetFirst, boolean begun) {}

    private final SmtpWire wire;
    private final SmtpExtensions offered;
    private final Email email;
    private final List<Recipient> recipients;
    private final List<@Nullable Outcome> outcomes;
    private final BitSet tooMany = new BitSet();
    private final Past past;
    private final Runnable progress;
    private final Supplier<@Nullable Email> line;
    private boolean answered;
    private boolean serverFault;
    private boolean busy;
    private boolean limited;
    private int taken;

    /**
     * @param progress run as soon as MAIL is answered, unless the server has no use for the connection
     * @param line asked once for what to begin behind the body
     */
    SmtpTransaction(
            SmtpWire wire,
            SmtpExtensions offered,
            Email email,
            Past past,
            Runnable progress,
            Supplier<@Nullable Email> line) {
        this.wire = wire;
        this.offered = offered;
        this.email = email;
        this.recipients = email.recipients();
        this.outcomes =
                new ArrayList<@Nullable Outcome>(Collections.<@Nullable Outcome>nCopies(recipients.size(), null));
        this.past = past;
        this.progress = progress;
        this.line = line;
    }

    /** What became of it; its outcomes mean nothing where it ended {@link End#STALE}. */
    SmtpResult run() {
        End end;
        try {
            end = converse();
        } catch (SmtpFault fault) {
            end = past.kept() && !answered && fault.gone() ? End.STALE : End.BROKEN;
            decideOthers(fault.outcome());
        } catch (RuntimeException e) {
            // Nothing here should throw one. If something does, the phase still says what may have happened.
            end = End.BROKEN;
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
        List<Recipient> left = tooMany.isEmpty()
                ? List.of()
                : tooMany.stream().mapToObj(recipients::get).toList();
        return new SmtpResult(result, left, taken, end, busy);
    }

    private End converse() throws SmtpFault {
        if (offered.pipelining() && !past.begun()) {
            if (past.resetFirst()) {
                wire.put("RSET\r\n");
            }
            wire.put(group(email)).flush(SmtpPhase.MAIL);
        }
        if (past.resetFirst() && !isReset()) {
            return abandonUnreset();
        }
        Outcome ofMail = mail();
        if (ofMail != null) {
            decideOthers(ofMail);
            if (isSpentBy(ofMail)) {
                return End.SPENT;
            }
            if (!offered.pipelining()) {
                return End.UNFINISHED;
            }
        }
        int accepted = rcpt();
        if (accepted == 0 && (busy || (limited && past.messages() > 0))) {
            return End.SPENT;
        }
        if (accepted == 0 && !offered.pipelining()) {
            return End.UNFINISHED;
        }
        Outcome ofData = data();
        if (ofData != null) {
            decideOthers(ofData);
            return busy || (accepted > 0 && past.messages() > 0) ? End.SPENT : End.UNFINISHED;
        }
        if (ofMail != null || accepted == 0) {
            return finishUnwanted(accepted);
        }
        taken = accepted;
        return body();
    }

    /** A kept connection may be why, and one that said "not now" is not asked again. */
    private boolean isSpentBy(Outcome ofMail) {
        return past.messages() > 0 || ofMail instanceof Outcome.Deferred;
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
        // Those left come next.
        Email next = offered.pipelining() && tooMany.isEmpty() ? line.get() : null;
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
        // A server that leaves, or counts our connections, before it knows a recipient means itself, not the message.
        serverFault = SmtpReplies.saysGoodbye(reply) || SmtpReplies.isAboutConnections(reply);
        busy = serverFault;
        Outcome outcome = judge(SmtpPhase.MAIL, reply);
        answered = true;
        if (!busy) {
            progress.run();
        }
        return outcome;
    }

    private int rcpt() throws SmtpFault {
        int accepted = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            ask(SmtpEnvelope.rcpt(recipients.get(i)), SmtpPhase.RCPT);
            Reply reply = wire.read(SmtpPhase.RCPT);
            boolean ofConnections = SmtpReplies.isAboutConnections(reply);
            busy |= ofConnections;
            Outcome outcome = judge(SmtpPhase.RCPT, reply);
            if (outcome == null) {
                accepted++;
            } else if (outcomes.get(i) == null) {
                outcomes.set(i, outcome);
                if (!ofConnections && SmtpReplies.isRecipientLimit(reply)) {
                    tooMany.set(i);
                }
            }
        }
        if (accepted == 0) {
            // One alone is not too many.
            limited = !tooMany.isEmpty();
            tooMany.clear();
        } else {
            busy = false;
            tooMany.stream().forEach(this::mayFollow);
        }
        return accepted;
    }

    /** RFC 5321 section 4.5.3.1.10: 552 means "not now" here as well. */
    private void mayFollow(int recipient) {
        if (outcomes.get(recipient) instanceof Outcome.Rejected refused) {
            outcomes.set(recipient, new Outcome.Deferred(refused.phase(), refused.reply()));
        }
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
        return busy ? End.SPENT : End.FINISHED;
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
        Reply reply = wire.read(phase);
        busy |= SmtpReplies.isAboutConnections(reply);
        return judge(phase, reply);
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
