package ums.channel.email;

import java.util.List;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;

/**
 * What came of one transaction.
 *
 * @param outcomes what became of each of its recipients, in their order
 * @param left those whom the server will take in another transaction, as it takes no more in one
 * @param taken how many it took in this one
 * @param end in what state it leaves its connection
 * @param busy whether the server refused it for the sake of our connections
 */
record SmtpResult(
        List<RecipientOutcome> outcomes, List<Recipient> left, int taken, SmtpTransaction.End end, boolean busy) {

    /** Without a transaction. */
    static SmtpResult of(Email email, Outcome outcome, boolean serverFault) {
        List<RecipientOutcome> outcomes = SmtpEmailSender.forAll(email, outcome, serverFault);
        return new SmtpResult(outcomes, List.of(), 0, SmtpTransaction.End.FINISHED, serverFault);
    }

    /** Whether it is to be tried over another connection: nobody was taken, and the message need not be why. */
    boolean isRefused() {
        return busy || end == SmtpTransaction.End.SPENT || end == SmtpTransaction.End.STALE;
    }

    /** Whether the server decided about those whom it took, so that the others may follow. */
    boolean isDecided() {
        return taken > 0
                && outcomes.stream()
                        .map(RecipientOutcome::outcome)
                        .noneMatch(it -> it instanceof Outcome.Unknown
                                || it instanceof Outcome.Disconnected
                                || it instanceof Outcome.TimedOut
                                || it instanceof Outcome.CalledOff
                                || it instanceof Outcome.AuthenticationRefused
                                || (it instanceof Outcome.Deferred deferred && isOfAll(deferred.phase())));
    }

    boolean isSentToSomebody() {
        return outcomes.stream().anyMatch(it -> it.outcome() instanceof Outcome.Sent);
    }

    private static boolean isOfAll(String phase) {
        return !phase.equals(SmtpPhase.RCPT.name());
    }
}
