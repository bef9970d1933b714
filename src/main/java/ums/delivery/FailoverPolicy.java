package ums.delivery;

import java.util.List;
import ums.channel.Recipient;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;

/** Decides for which recipients the route's next provider is asked within an attempt: a pure function of the outcomes. */
final class FailoverPolicy {

    private FailoverPolicy() {}

    /**
     * The recipients for whom the next provider is asked. None after an unknown outcome, whatever became of the others: the
     * provider may have the message, and another one would send it twice. None beside somebody who has the message either:
     * nothing says so before the attempt is settled, and who took over from a process that died at the next provider would send
     * it there to everybody. The others go on in the next attempt.
     *
     * @param outcomes at one provider
     * @param onDeferred whether "not now" goes to the next provider at once ({@code ums.fail-over-on-deferred.<channel>})
     */
    static List<Recipient> next(List<RecipientOutcome> outcomes, boolean onDeferred) {
        boolean ended = outcomes.stream()
                .map(RecipientOutcome::outcome)
                .anyMatch(it ->
                        it instanceof Outcome.Sent || it instanceof Outcome.Unknown || it instanceof Outcome.CalledOff);
        return ended
                ? List.of()
                : outcomes.stream()
                        .filter(it -> goesOn(it.outcome(), onDeferred))
                        .map(RecipientOutcome::recipient)
                        .toList();
    }

    private static boolean goesOn(Outcome outcome, boolean onDeferred) {
        return switch (outcome) {
            case Outcome.Disconnected _,
                    Outcome.TimedOut _,
                    Outcome.AuthenticationRefused _,
                    Outcome.AccountRefused _ -> true;
            case Outcome.Deferred _ -> onDeferred;
            case Outcome.Sent _, Outcome.Rejected _, Outcome.Invalid _, Outcome.Unknown _, Outcome.CalledOff _ -> false;
        };
    }
}
