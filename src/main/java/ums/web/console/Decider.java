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
import ums.web.admin.DecisionReader;

/** Carries out what an admin decided about a failure, and tells what came of it: somebody else may have been faster. */
@Component
class Decider {

    private final Failures failures;
    private final DecisionReader reader;

    Decider(Failures failures, DecisionReader reader) {
        this.failures = failures;
        this.reader = reader;
    }

    /** The reason as the API reads it; what is wrong with it is thrown. */
    String reason(@Nullable String reason) {
        return reader.retry(new FormBody().text("reason", reason).json());
    }

    /** @param decision null to try again */
    Result decide(UUID id, @Nullable Decision decision, String admin, String reason) {
        return decision == null
                ? carriedOut(id, () -> failures.retry(id, admin, reason))
                : carriedOut(id, () -> failures.resolve(id, decision, admin, reason));
    }

    private Result carriedOut(UUID id, Supplier<Optional<SendFailure>> decision) {
        try {
            return decision.get().isPresent() ? new Done() : new Refused("NOT_THERE");
        } catch (DecisionRefusedException e) {
            return e.why() == Cause.ALREADY_HANDLED
                    ? failures.find(id).<Result>map(Decider::faster).orElse(new Refused("NOT_THERE"))
                    : new Refused(e.why().name());
        }
    }

    private static Result faster(SendFailure handled) {
        return new Late(handled);
    }

    /** What came of a decision. */
    sealed interface Result {}

    /** It is carried out. */
    record Done() implements Result {}

    /** Somebody else has decided already; the failure tells who. */
    record Late(SendFailure failure) implements Result {}

    /** The message does not allow it. */
    record Refused(String why) implements Result {}
}
