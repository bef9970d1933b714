package ums.web.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.channel.Fields;
import ums.channel.Violation;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;

/** Reads {@code {"from", "to", "reason"}}; the reason is optional. */
@Component
class ReplayReader {

    private static final int MAX_REASON = 1_000;

    private final JsonBody bodies;

    ReplayReader(JsonBody bodies) {
        this.bodies = bodies;
    }

    Span read(byte[] body) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(bodies.parse(body), violations);
        fields.allowOnly(Set.of("from", "to", "reason")::contains);
        Instant from = fields.instant("from");
        Instant to = fields.instant("to");
        String reason = fields.text("reason");
        require(from, "/from", violations);
        require(to, "/to", violations);
        if (from != null && to != null && !to.isAfter(from)) {
            violations.add(new Violation("/to", "must be after from"));
        }
        if (reason != null && (reason.length() > MAX_REASON || reason.chars().anyMatch(Character::isISOControl))) {
            violations.add(new Violation(
                    "/reason", "must have at most " + MAX_REASON + " characters, without control characters"));
        }
        if (from == null || to == null || !violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
        return new Span(from, to, reason);
    }

    /** An unreadable value has its violation already. */
    private static void require(@Nullable Instant instant, String pointer, List<Violation> violations) {
        if (instant == null && violations.stream().noneMatch(it -> it.pointer().equals(pointer))) {
            violations.add(new Violation(pointer, "is required: an instant with an offset"));
        }
    }

    /** The time range of the events, and the reason. */
    record Span(Instant from, Instant to, @Nullable String reason) {}
}
