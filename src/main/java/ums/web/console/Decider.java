package ums.web.console;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.failure.Decision;
import ums.failure.DecisionRefusedException;
import ums.failure.DecisionRefusedException.Cause;
import ums.failure.Failures;
import ums.failure.SendFailure;
import ums.message.NotRoutableException;
import ums.web.admin.DecisionReader;

/** Carries out an admin's decision about a failure and returns the result: another admin may have decided first. */
@Component
class Decider {

    private final Failures failures;
    private final DecisionReader reader;

    Decider(Failures failures, DecisionReader reader) {
        this.failures = failures;
        this.reader = reader;
    }

    /** The reason, validated as in the API; throws if it is invalid. */
    String reason(@Nullable String reason) {
        return reader.retry(new FormBody().text("reason", reason).json()).reason();
    }

    /**
     * @param decision null to retry
     * @param provider of a retry: the id of the only account that may have the message from now on, or null to leave that as it is
     */
    Result decide(UUID id, @Nullable Decision decision, String admin, String reason, @Nullable String provider) {
        return decision == null
                ? execute(id, () -> failures.retry(id, admin, reason, provider))
                : execute(id, () -> failures.resolve(id, decision, admin, reason));
    }

    private Result execute(UUID id, Supplier<Optional<SendFailure>> decision) {
        try {
            return decision.get().isPresent() ? new Done() : new Refused("NOT_THERE");
        } catch (DecisionRefusedException e) {
            return e.why() == Cause.ALREADY_HANDLED
                    ? failures.find(id).<Result>map(Decider::late).orElse(new Refused("NOT_THERE"))
                    : new Refused(e.why().name());
        } catch (NotRoutableException _) {
            return new Refused("NOT_ON_ROUTE");
        }
    }

    private static Result late(SendFailure handled) {
        return new Late(handled);
    }

    /** The result of a decision. */
    sealed interface Result {}

    /** The decision was carried out. */
    record Done() implements Result {}

    /** Another admin decided first; the failure says who. */
    record Late(SendFailure failure) implements Result {}

    /** The message's state does not allow it. */
    record Refused(String why) implements Result {}
}
