package ums.provider.smtp;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/**
 * One mail transaction (RFC 5321 section 3.3) over a ready connection: MAIL, RCPT for each recipient, DATA, the body.
 * With PIPELINING (RFC 2920) all commands go out in one write, and the replies are read in sequence.
 */
final class SmtpTransaction {

    /** The state in which a transaction leaves its connection. */
    enum End {
        /** The server has finished the transaction, successfully or not. */
        FINISHED,
        /** The transaction is open and must be reset before the next. */
        UNFINISHED,
        /** The connection is lost, or its state is unknown. */
        BROKEN,
        /** A kept connection was closed before any reply: not an error, the caller tries a new one. */
        STALE,
        /** The server refused it before it took a recipient, maybe because of the connection: not used again. */
        SPENT
    }

    /**
     * The history of its connection.
     *
     * @param kept whether it was idle, so that the server may have closed it
     * @param messages how many messages it has carried
     * @param resetFirst whether the transaction before ended {@link End#UNFINISHED}
     * @param pipelined whether the commands of this one went out behind the body of the message before
     */
    record Past(boolean kept, int messages, boolean resetFirst, boolean pipelined) {}

    private final SmtpWire wire;
    private final SmtpExtensions offered;
    private final Email email;
    private final List<Recipient> recipients;
    private final List<@Nullable Outcome> outcomes;
    private final BitSet tooMany = new BitSet();
    private final Past past;
    private final Runnable progress;
    private final Supplier<@Nullable Email> pipelineNext;
    private boolean answered;
    private boolean serverFault;
    private boolean busy;
    private boolean limited;
    private int taken;

    /**
     * @param progress run as soon as MAIL is answered, unless the server refused for having too many connections
     * @param pipelineNext called once for the e-mail to pipeline behind the body, null for none
     */
    SmtpTransaction(
            SmtpWire wire,
            SmtpExtensions offered,
            Email email,
            Past past,
            Runnable progress,
            Supplier<@Nullable Email> pipelineNext) {
        this.wire = wire;
        this.offered = offered;
        this.email = email;
        this.recipients = email.recipients();
        this.outcomes =
                new ArrayList<@Nullable Outcome>(Collections.<@Nullable Outcome>nCopies(recipients.size(), null));
        this.past = past;
        this.progress = progress;
        this.pipelineNext = pipelineNext;
    }

    /** Runs it. The outcomes have no meaning where it ended {@link End#STALE}. */
    SmtpResult run() {
        End end;
        try {
            end = converse();
        } catch (SmtpFault e) {
            end = past.kept() && !answered && e.gone() ? End.STALE : End.BROKEN;
            decideOthers(e.outcome());
        } catch (RuntimeException e) {
            // Only a bug gets here. The phase still decides whether the message may have been sent.
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
        if (offered.pipelining() && !past.pipelined()) {
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
            boolean maybeOfAge = accepted > 0 && past.messages() > 0 && !(ofData instanceof Outcome.AccountRefused);
            return busy || maybeOfAge ? End.SPENT : End.UNFINISHED;
        }
        if (ofMail != null || accepted == 0) {
            return finishUnwanted(accepted);
        }
        taken = accepted;
        return body();
    }

    /** By a kept connection's age, maybe, or for now; but who refuses the account refuses it on every connection. */
    private boolean isSpentBy(Outcome ofMail) {
        return !(ofMail instanceof Outcome.AccountRefused)
                && (past.messages() > 0 || ofMail instanceof Outcome.Deferred);
    }

    /** All commands up to DATA in one write; DATA must be the last of a group (RFC 2920 section 3.1). */
    private String group(Email of) {
        StringBuilder group = new StringBuilder(SmtpEnvelope.mail(of, offered));
        for (Recipient recipient : of.recipients()) {
            group.append(SmtpEnvelope.rcpt(recipient));
        }
        return group.append("DATA\r\n").toString();
    }

    /** A body may be the first of a group (RFC 2920 section 3.1), so the next message's commands can follow it. */
    private String pipelinedGroup() {
        // The recipients left of this message come before the next message.
        Email next = offered.pipelining() && tooMany.isEmpty() ? pipelineNext.get() : null;
        return next == null ? "" : group(next);
    }

    private boolean isReset() throws SmtpFault {
        ask("RSET\r\n", SmtpPhase.MAIL);
        Reply reply = wire.read(SmtpPhase.MAIL);
        throwIfOver(SmtpPhase.MAIL, reply, wire.judge(SmtpPhase.MAIL, reply));
        answered = true;
        return reply.code() / 100 == 2;
    }

    /** Without RSET the recipients of the message before may still be in it: the connection is not used again. */
    private End abandonUnreset() {
        decideOthers(SmtpReplies.lost(SmtpPhase.MAIL, "the server refused RSET"));
        return End.STALE;
    }

    private @Nullable Outcome mail() throws SmtpFault {
        ask(SmtpEnvelope.mail(email, offered), SmtpPhase.MAIL);
        Reply reply = wire.read(SmtpPhase.MAIL);
        Outcome outcome = wire.judge(SmtpPhase.MAIL, reply);
        // A 421, or too many connections, before any recipient was named: not the message's fault.
        serverFault = (SmtpReplies.isClosing(reply) && outcome instanceof Outcome.Disconnected)
                || SmtpReplies.isAboutConnections(outcome, reply);
        busy = serverFault;
        throwIfOver(SmtpPhase.MAIL, reply, outcome);
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
            Outcome outcome = wire.judge(SmtpPhase.RCPT, reply);
            boolean ofConnections = SmtpReplies.isAboutConnections(outcome, reply);
            busy |= ofConnections;
            throwIfOver(SmtpPhase.RCPT, reply, outcome);
            if (outcome == null) {
                accepted++;
            } else if (outcomes.get(i) == null) {
                outcomes.set(i, outcome);
                boolean ofRecipient = !ofConnections && !(outcome instanceof Outcome.AccountRefused);
                if (ofRecipient && SmtpReplies.isRecipientLimit(reply)) {
                    tooMany.set(i);
                }
            }
        }
        if (accepted == 0) {
            // A limit needs an accepted recipient beside the refused ones.
            limited = !tooMany.isEmpty();
            tooMany.clear();
        } else {
            busy = false;
            tooMany.stream().forEach(this::defer);
        }
        return accepted;
    }

    /** RFC 5321 section 4.5.3.1.10: 552 to RCPT means "not now" as well. */
    private void defer(int recipient) {
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
            // There were more replies than commands: the surplus one would be taken for the reply to the body.
            throw new SmtpFault(SmtpReplies.unreadable(SmtpPhase.BODY, "more replies than commands"));
        }
        wire.writeBody(email.bytes(), email.commit(), this::pipelinedGroup);
        Outcome outcome = answer(SmtpPhase.FINAL_DOT);
        if (outcome != null) {
            decideOthers(outcome);
        }
        return busy ? End.SPENT : End.FINISHED;
    }

    /**
     * Answers a 354 to a transaction without accepted sender or recipient. RFC 2920 section 3.1: with the dot alone, as
     * the server has no recipient to deliver to. Where it has one after all, it would get an empty message, so the
     * connection is closed instead.
     */
    private End finishUnwanted(int accepted) throws SmtpFault {
        if (accepted > 0) {
            return End.BROKEN;
        }
        wire.put(".\r\n").flush(SmtpPhase.DATA);
        wire.read(SmtpPhase.DATA);
        return End.UNFINISHED;
    }

    /** Sends a command, unless it went out with the group. */
    private void ask(String command, SmtpPhase phase) throws SmtpFault {
        if (!offered.pipelining()) {
            wire.put(command).flush(phase);
        }
    }

    private @Nullable Outcome answer(SmtpPhase phase) throws SmtpFault {
        Reply reply = wire.read(phase);
        Outcome outcome = wire.judge(phase, reply);
        busy |= SmtpReplies.isAboutConnections(outcome, reply);
        throwIfOver(phase, reply, outcome);
        return outcome;
    }

    /** After 421, or an unexpected reply, no further reply has a meaning. */
    private static void throwIfOver(SmtpPhase phase, Reply reply, @Nullable Outcome outcome) throws SmtpFault {
        switch (outcome) {
            case Outcome.Disconnected it -> throw new SmtpFault(it, SmtpReplies.isClosing(reply));
            case Outcome.AccountRefused it when SmtpReplies.isClosing(reply) -> throw new SmtpFault(it);
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
