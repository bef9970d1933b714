package ums.provider.smtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.provider.CircuitBreaker;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;

/**
 * One attempt at one e-mail. Where a kept connection was closed by the server or has reached its limit, a new
 * connection follows, and this is not an error. Where a new connection is refused beside others, the attempt waits for
 * one of those. Recipients beyond the server's limit per transaction follow in further transactions.
 */
final class SmtpAttempt {

    /** Ends the attempt even where the server keeps changing its limits. */
    private static final int MAX_REFUSALS = 8;

    private final SmtpConnections connections;
    private final CircuitBreaker circuit;
    private final SmtpLimits limits;
    private final Email email;
    private final long end;
    private @Nullable ConnectionRequest request;
    private @Nullable Outcome serverFault;
    private int generation;

    /** @param end the instant at which the attempt is cut off */
    SmtpAttempt(SmtpConnections connections, CircuitBreaker circuit, Email email, long end) {
        this.connections = connections;
        this.circuit = circuit;
        this.limits = connections.limits();
        this.email = email;
        this.end = end;
    }

    /** Sends, and returns the outcomes; recipients without one are left for the next attempt. */
    List<RecipientOutcome> run() {
        try {
            request = connections.acquire(email, end);
            if (request == null) {
                return noPermit(email).outcomes();
            }
            int most = limits.recipientsPerTransaction();
            boolean whole = request.connection() != null || email.recipients().size() <= most;
            SmtpResult first = transact(whole ? email : part(email.recipients(), most));
            List<RecipientOutcome> outcomes = whole && first.left().isEmpty() ? first.outcomes() : sendRest(first);
            noteAccountRefused(outcomes);
            return outcomes;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return interrupted(email).outcomes();
        } finally {
            if (request != null) {
                connections.release(request);
            }
        }
    }

    private void noteAccountRefused(List<RecipientOutcome> outcomes) {
        for (RecipientOutcome each : outcomes) {
            if (each.outcome() instanceof Outcome.AccountRefused refused) {
                serverFault = refused;
            }
        }
    }

    /** The error of the server that ended the attempt and that no message can have caused, or null. */
    @Nullable Outcome serverFault() {
        return serverFault;
    }

    /** The circuit's generation in which the last connection was requested, or taken. */
    int generation() {
        return generation;
    }

    /** Sends to the recipients that the first transaction left, until one ends with more than decisions about recipients. */
    private List<RecipientOutcome> sendRest(SmtpResult first) {
        Map<Recipient, RecipientOutcome> outcomes = new HashMap<>();
        List<Recipient> open = new ArrayList<>(email.recipients());
        int most = limits.recipientsPerTransaction();
        boolean progress = false;
        SmtpResult result = first;
        while (true) {
            boolean free = progress;
            result.outcomes().forEach(it -> outcomes.put(it.recipient(), free ? uncounted(it) : it));
            List<Recipient> left = result.left();
            result.outcomes().forEach(it -> {
                if (!left.contains(it.recipient())) {
                    open.remove(it.recipient());
                }
            });
            progress |= result.isSentToAny();
            if (open.isEmpty() || result.ending() != null || SmtpDeadline.now() >= end) {
                break;
            }
            if (!left.isEmpty()) {
                most = result.taken();
            }
            result = transact(part(open, most));
            if (!left.isEmpty() && result.isSentToAny()) {
                limits.recipientsTaken(most);
            }
        }
        RecipientOutcome ending = result.ending();
        if (ending != null && isOfServer(ending.outcome())) {
            boolean free = progress || ending.serverFault();
            open.forEach(it -> outcomes.put(it, new RecipientOutcome(it, ending.outcome(), free)));
        } else if (progress) {
            Outcome later = new Outcome.CalledOff("left for the next attempt: the server limits recipients");
            open.forEach(it -> outcomes.merge(it, new RecipientOutcome(it, later), (had, _) -> uncounted(had)));
        }
        return email.recipients().stream()
                .filter(outcomes::containsKey)
                .map(outcomes::get)
                .toList();
    }

    /** Whether those not named yet would have met the same, so that the next provider may be asked for them too. */
    private static boolean isOfServer(Outcome ending) {
        return !(ending instanceof Outcome.Unknown) && !(ending instanceof Outcome.CalledOff);
    }

    /** After progress, a delay of the other recipients does not count as an attempt. */
    private static RecipientOutcome uncounted(RecipientOutcome it) {
        return switch (it.outcome()) {
            case Outcome.Deferred _, Outcome.Disconnected _, Outcome.TimedOut _ ->
                new RecipientOutcome(it.recipient(), it.outcome(), true);
            case Outcome.Sent _,
                    Outcome.Rejected _,
                    Outcome.Unknown _,
                    Outcome.AuthenticationRefused _,
                    Outcome.AccountRefused _,
                    Outcome.Invalid _,
                    Outcome.CalledOff _ -> it;
        };
    }

    private Email part(List<Recipient> of, int most) {
        return email.to(List.copyOf(of.subList(0, Math.min(most, of.size()))));
    }

    /** Runs one transaction, over as many connections as it takes to find one that accepts it. */
    private SmtpResult transact(Email part) {
        for (int refusals = 1; ; refusals++) {
            generation = circuit.generation();
            ConnectionRequest current = current();
            SmtpConnection kept = current.connection() == null ? connections.takeIdle() : current.takeConnection();
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
                    if (result.taken() > 0) {
                        learnLimit(kept, ofKept);
                    }
                    return result;
                }
                others = connections.count(true);
            } catch (SmtpFault e) {
                result = SmtpResult.of(part, e.outcome(), true);
                others = othersBeside(e.outcome());
            }
            // A refusal by a used connection and by a new one alike is about the message.
            boolean ofMessage = !result.busy() && isSpent(ofKept);
            if (others == 0
                    || ofMessage
                    || refusals == MAX_REFUSALS
                    || !circuit.availability().available()) {
                if (!result.busy()) {
                    connections.restore(current);
                }
                RecipientOutcome one = result.outcomes().getFirst();
                serverFault = one.serverFault() ? one.outcome() : null;
                return result;
            }
            try {
                request = connections.acquireAgain(current, others, result.busy(), part, end);
            } catch (InterruptedException _) {
                request = null;
                Thread.currentThread().interrupt();
                return interrupted(part);
            }
            if (request == null) {
                return noPermit(part);
            }
        }
    }

    private ConnectionRequest current() {
        if (request == null) {
            throw new IllegalStateException("no permit");
        }
        return request;
    }

    private SmtpResult sendOver(SmtpConnection connection, ConnectionRequest current, Email part) {
        boolean last = part.recipients().getLast().equals(email.recipients().getLast());
        try {
            return connection.send(
                    part,
                    end,
                    limits.messagesPerConnection(),
                    circuit::succeeded,
                    (before, offered) -> last ? connections.pipelineNext(before, offered) : null);
        } finally {
            connections.giveBack(connection, current);
        }
    }

    /** How many connections of this process may be the reason for a refused one. */
    private int othersBeside(Outcome error) {
        if (error instanceof Outcome.AuthenticationRefused
                || error instanceof Outcome.AccountRefused
                || Thread.currentThread().isInterrupted()) {
            return 0;
        }
        // Without a reply the server may as well be down, and then connections that are still being opened prove
        // nothing.
        boolean notNow = error.answer() != null && error.answer().code() / 100 == 4;
        return connections.count(notNow);
    }

    private void learnLimit(@Nullable SmtpConnection kept, @Nullable SmtpResult ofKept) {
        if (kept != null && ofKept != null && isSpent(ofKept)) {
            limits.connectionSpent(kept.messages(), ofKept.busy());
        }
    }

    private static boolean isSpent(@Nullable SmtpResult result) {
        return result != null && result.end() == SmtpTransaction.End.SPENT;
    }

    /** This process's other attempts held all connections: neither the server nor the message is to blame. */
    private static SmtpResult noPermit(Email part) {
        return SmtpResult.of(part, new Outcome.CalledOff("no connection was free in time"), false);
    }

    private static SmtpResult interrupted(Email part) {
        return SmtpResult.of(part, SmtpReplies.lost(SmtpPhase.CONNECT, "interrupted"), false);
    }
}
