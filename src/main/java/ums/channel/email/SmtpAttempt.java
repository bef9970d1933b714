package ums.channel.email;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;

/**
 * One attempt at one e-mail. A kept connection that the server has left, or on which it takes no more, is no fault: a new one
 * follows. A new one that is refused beside others waits for one of those. Recipients beyond what the server takes in one
 * transaction follow in further ones.
 */
final class SmtpAttempt {

    /** However often the server changes its mind, an attempt ends. */
    private static final int MOST_REFUSALS = 8;

    private final SmtpConnections connections;
    private final SmtpCircuit circuit;
    private final SmtpLimits limits;
    private final Email email;
    private final long end;
    private @Nullable ConnectionRequest turn;
    private @Nullable Outcome serverFault;
    private int generation;

    /** @param end the instant at which it is cut off */
    SmtpAttempt(SmtpConnections connections, SmtpCircuit circuit, Email email, long end) {
        this.connections = connections;
        this.circuit = circuit;
        this.limits = connections.limits();
        this.email = email;
        this.end = end;
    }

    /** What became of each recipient, but for those that had no turn and are left for the next attempt. */
    List<RecipientOutcome> run() {
        try {
            turn = connections.enter(email, end);
            if (turn == null) {
                return noneFree(email).outcomes();
            }
            int most = limits.recipientsPerTransaction();
            boolean whole = turn.connection() != null || email.recipients().size() <= most;
            SmtpResult first = transact(whole ? email : part(email.recipients(), most));
            return whole && first.left().isEmpty() ? first.outcomes() : goOn(first);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return interrupted(email).outcomes();
        } finally {
            if (turn != null) {
                connections.leave(turn);
            }
        }
    }

    /** The fault of the server that ended it, or null: no message can have caused that. */
    @Nullable Outcome serverFault() {
        return serverFault;
    }

    /** The circuit's era in which its last connection was asked for. */
    int generation() {
        return generation;
    }

    /** Sends to those whom the first transaction left, as long as each takes somebody. */
    private List<RecipientOutcome> goOn(SmtpResult first) {
        Map<Recipient, RecipientOutcome> outcomes = new HashMap<>();
        List<Recipient> open = new ArrayList<>(email.recipients());
        int most = limits.recipientsPerTransaction();
        boolean progress = false;
        SmtpResult result = first;
        while (true) {
            boolean free = progress;
            result.outcomes().forEach(it -> outcomes.put(it.recipient(), free ? atNoCost(it) : it));
            List<Recipient> left = result.left();
            result.outcomes().forEach(it -> {
                if (!left.contains(it.recipient())) {
                    open.remove(it.recipient());
                }
            });
            progress |= result.isSentToSomebody();
            if (open.isEmpty() || !result.isDecided() || SmtpDeadline.now() >= end) {
                break;
            }
            if (!left.isEmpty()) {
                most = result.taken();
            }
            result = transact(part(open, most));
            if (!left.isEmpty() && result.isSentToSomebody()) {
                limits.recipientsTaken(most);
            }
        }
        if (progress) {
            Outcome later = new Outcome.CalledOff("left for the next attempt: the server limits recipients");
            open.forEach(it -> outcomes.merge(it, new RecipientOutcome(it, later), (had, _) -> atNoCost(had)));
        }
        return email.recipients().stream()
                .filter(outcomes::containsKey)
                .map(outcomes::get)
                .toList();
    }

    /** After progress, what only delays the others costs no attempt. */
    private static RecipientOutcome atNoCost(RecipientOutcome it) {
        return switch (it.outcome()) {
            case Outcome.Deferred _, Outcome.Disconnected _, Outcome.TimedOut _ ->
                new RecipientOutcome(it.recipient(), it.outcome(), true);
            case Outcome.Sent _,
                    Outcome.Rejected _,
                    Outcome.Unknown _,
                    Outcome.AuthenticationRefused _,
                    Outcome.Invalid _,
                    Outcome.CalledOff _ -> it;
        };
    }

    private Email part(List<Recipient> of, int most) {
        return email.to(List.copyOf(of.subList(0, Math.min(most, of.size()))));
    }

    /** One transaction, over as many connections as it takes to find one that the server has a use for. */
    private SmtpResult transact(Email part) {
        for (int refusals = 1; ; refusals++) {
            ConnectionRequest current = current();
            SmtpConnection kept = current.connection() == null ? connections.takeKept() : current.use();
            SmtpResult ofKept = kept == null ? null : sendOver(kept, current, part);
            if (ofKept != null && (!ofKept.isRefused() || current.isPassedOn())) {
                return ofKept;
            }
            generation = circuit.generation();
            SmtpResult result;
            int others;
            try {
                SmtpConnection fresh = connections.open(end);
                result = sendOver(fresh, current, part);
                if (!result.isRefused() || current.isPassedOn()) {
                    learn(kept, ofKept);
                    return result;
                }
                others = connections.count(true);
            } catch (SmtpFault fault) {
                result = SmtpResult.of(part, fault.outcome(), true);
                others = othersBeside(fault.outcome());
            }
            // What a connection that others used and a new one refuse alike is about the message.
            boolean ofMessage = !result.busy() && isSpent(ofKept);
            if (others == 0
                    || ofMessage
                    || refusals == MOST_REFUSALS
                    || !circuit.availability().available()) {
                if (!result.busy()) {
                    connections.restore(current);
                }
                RecipientOutcome one = result.outcomes().getFirst();
                serverFault = one.serverFault() ? one.outcome() : null;
                return result;
            }
            try {
                turn = connections.enterAgain(current, others, result.busy(), part, end);
            } catch (InterruptedException _) {
                turn = null;
                Thread.currentThread().interrupt();
                return interrupted(part);
            }
            if (turn == null) {
                return noneFree(part);
            }
        }
    }

    private ConnectionRequest current() {
        if (turn == null) {
            throw new IllegalStateException("no permit");
        }
        return turn;
    }

    private SmtpResult sendOver(SmtpConnection connection, ConnectionRequest current, Email part) {
        boolean last = part.recipients().getLast().equals(email.recipients().getLast());
        try {
            return connection.send(
                    part,
                    end,
                    limits.messagesPerConnection(),
                    circuit::succeeded,
                    (before, offered) -> last ? connections.begin(before, offered) : null);
        } finally {
            connections.giveBack(connection, current);
        }
    }

    /** How many connections of ours the server may have refused this one for. */
    private int othersBeside(Outcome fault) {
        if (fault instanceof Outcome.AuthenticationRefused
                || Thread.currentThread().isInterrupted()) {
            return 0;
        }
        // Without a word the server may as well be away, and then those that are being opened prove nothing.
        boolean notNow = fault.answer() != null && fault.answer().code() / 100 == 4;
        return connections.count(notNow);
    }

    private void learn(@Nullable SmtpConnection kept, @Nullable SmtpResult ofKept) {
        if (kept != null && ofKept != null && isSpent(ofKept)) {
            limits.connectionSpent(kept.messages(), ofKept.busy());
        }
    }

    private static boolean isSpent(@Nullable SmtpResult result) {
        return result != null && result.end() == SmtpTransaction.End.SPENT;
    }

    /** Others of ours had them: that is neither the server's fault nor the message's. */
    private static SmtpResult noneFree(Email part) {
        return SmtpResult.of(part, new Outcome.CalledOff("no connection was free in time"), false);
    }

    private static SmtpResult interrupted(Email part) {
        return SmtpResult.of(part, SmtpReplies.lost(SmtpPhase.CONNECT, "interrupted"), false);
    }
}
