package ums.provider.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;

/**
 * The result of one transaction.
 *
 * @param outcomes the outcome of each recipient, in the e-mail's order
 * @param left the recipients that the server takes only in another transaction, as it limits recipients per transaction
 * @param taken how many recipients it took in this one
 * @param end the state in which it leaves its connection
 * @param busy whether the server refused it because of too many connections
 */
record SmtpResult(
        List<RecipientOutcome> outcomes, List<Recipient> left, int taken, SmtpTransaction.End end, boolean busy) {

    /** A result without a transaction. */
    static SmtpResult of(Email email, Outcome outcome, boolean serverFault) {
        List<RecipientOutcome> outcomes = RecipientOutcome.all(email.recipients(), outcome, serverFault);
        return new SmtpResult(outcomes, List.of(), 0, SmtpTransaction.End.FINISHED, serverFault);
    }

    /** Whether to try another connection: no recipient was taken, and the message need not be the reason. */
    boolean isRefused() {
        return busy || end == SmtpTransaction.End.SPENT || end == SmtpTransaction.End.STALE;
    }

    /** The outcome after which no further transaction follows; null where the server decided about each recipient. */
    @Nullable RecipientOutcome ending() {
        return outcomes.stream()
                .filter(it -> busy || ends(it.outcome()))
                .findFirst()
                .orElse(null);
    }

    boolean isSentToAny() {
        return outcomes.stream().anyMatch(it -> it.outcome() instanceof Outcome.Sent);
    }

    private static boolean ends(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Unknown _,
                    Outcome.Disconnected _,
                    Outcome.TimedOut _,
                    Outcome.CalledOff _,
                    Outcome.AuthenticationRefused _,
                    Outcome.AccountRefused _ -> true;
            // Of one recipient where it answers RCPT.
            case Outcome.Deferred it -> !it.phase().equals(SmtpPhase.RCPT.name());
            case Outcome.Sent _, Outcome.Rejected _, Outcome.Invalid _ -> false;
        };
    }
}
