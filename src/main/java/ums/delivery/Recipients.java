package ums.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.message.OnUnknown;
import ums.message.RecipientState;
import ums.message.RecipientState.Status;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** The states of a message's recipients after an attempt: a pure function of its outcomes. */
final class Recipients {

    private Recipients() {}

    /** The states after an attempt; recipients that it did not name keep theirs. */
    static List<RecipientState> after(
            List<RecipientState> before, List<RecipientOutcome> outcomes, OnUnknown onUnknown, Instant at) {
        List<RecipientState> states = new ArrayList<>(before.size());
        for (RecipientState state : before) {
            RecipientOutcome outcome = outcomeOf(state.recipient(), outcomes);
            states.add(outcome == null ? state : after(state, outcome, onUnknown, at));
        }
        return List.copyOf(states);
    }

    private static @Nullable RecipientOutcome outcomeOf(Recipient recipient, List<RecipientOutcome> outcomes) {
        for (RecipientOutcome each : outcomes) {
            if (each.recipient().equals(recipient)) {
                return each;
            }
        }
        return null;
    }

    /** Whether the provider took the message for a recipient, or may have. */
    static boolean reached(List<RecipientOutcome> outcomes) {
        for (RecipientOutcome each : outcomes) {
            if (each.outcome() instanceof Outcome.Sent || each.outcome() instanceof Outcome.Unknown) {
                return true;
            }
        }
        return false;
    }

    private static RecipientState after(
            RecipientState state, RecipientOutcome decided, OnUnknown onUnknown, Instant at) {
        Outcome outcome = decided.outcome();
        Reply reply = outcome.answer();
        return new RecipientState(
                state.address(),
                state.kind(),
                status(outcome, onUnknown),
                reply == null ? null : Integer.toString(reply.code()),
                text(outcome, reply),
                at,
                decided.provider());
    }

    private static Status status(Outcome outcome, OnUnknown onUnknown) {
        return switch (outcome) {
            case Outcome.Sent _ -> Status.SENT;
            case Outcome.Rejected _, Outcome.Invalid _ -> Status.REFUSED;
            case Outcome.Unknown _ -> onUnknown == OnUnknown.REVIEW ? Status.UNKNOWN : Status.PENDING;
            case Outcome.Deferred _,
                    Outcome.Disconnected _,
                    Outcome.TimedOut _,
                    Outcome.AuthenticationRefused _,
                    Outcome.AccountRefused _,
                    Outcome.CalledOff _ -> Status.PENDING;
        };
    }

    private static String text(Outcome outcome, @Nullable Reply reply) {
        return reply == null ? outcome.description() : reply.text();
    }
}
