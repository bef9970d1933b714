package ums.web.admin;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import ums.channel.ErrorType;
import ums.channel.Fields;
import ums.channel.Violation;
import ums.failure.BulkDecisions;
import ums.failure.Decision;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;

/** Reads decisions about failures, for the API and the console. Each needs a reason, for the audit log. */
@Component
public class DecisionReader {

    private static final int MAX_REASON = 1_000;
    private static final int MAX_BULK = 10_000;
    private static final int DEFAULT_BULK = 1_000;

    private final JsonBody bodies;

    DecisionReader(JsonBody bodies) {
        this.bodies = bodies;
    }

    /** {@code {"reason", "provider"}}; the provider is optional */
    Retry retry(byte[] body) {
        return retry(bodies.parse(body));
    }

    /** @throws ProblemException 400 with every fault */
    public Retry retry(JsonNode body) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = fields(body, violations, Set.of("reason", "provider"));
        return checked(new Retry(reason(fields, violations), fields.text("provider")), violations);
    }

    /** {@code {"type", "from", "to", "reason", "provider", "limit"}}; all but the reason are optional */
    Bulk bulk(byte[] body) {
        List<Violation> violations = new ArrayList<>();
        Fields fields =
                fields(bodies.parse(body), violations, Set.of("type", "from", "to", "reason", "provider", "limit"));
        BulkDecisions.Selection selection = new BulkDecisions.Selection(
                fields.oneOf("type", ErrorType.class),
                null,
                fields.instant("from"),
                fields.instant("to"),
                requireNonNullElse(fields.integer("limit", 1, MAX_BULK), DEFAULT_BULK));
        return checked(new Bulk(selection, new Retry(reason(fields, violations), fields.text("provider"))), violations);
    }

    /** {@code {"decision", "reason"}} */
    Resolution resolution(byte[] body) {
        return resolution(bodies.parse(body));
    }

    /** @throws ProblemException 400 with every fault */
    public Resolution resolution(JsonNode body) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = fields(body, violations, Set.of("decision", "reason"));
        Decision decision = fields.oneOf("decision", Decision.class);
        if (decision == null && violations.stream().noneMatch(it -> it.pointer().equals("/decision"))) {
            violations.add(new Violation("/decision", "is required: MARK_SENT or ABANDON"));
        }
        return checked(
                new Resolution(requireNonNullElse(decision, Decision.ABANDON), reason(fields, violations)), violations);
    }

    private static Fields fields(JsonNode body, List<Violation> violations, Set<String> names) {
        Fields fields = new Fields(body, violations);
        fields.allowOnly(names::contains);
        return fields;
    }

    private static String reason(Fields fields, List<Violation> violations) {
        @Nullable String reason = fields.text("reason");
        if (reason == null
                || reason.isBlank()
                || reason.length() > MAX_REASON
                || reason.chars().anyMatch(Character::isISOControl)) {
            violations.add(new Violation(
                    "/reason", "must say why, in 1 to " + MAX_REASON + " characters without control characters"));
        }
        return requireNonNullElse(reason, "");
    }

    private static <T> T checked(T read, List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
        return read;
    }

    /** The failures to retry, and how. */
    record Bulk(BulkDecisions.Selection selection, Retry retry) {}

    /**
     * A retry.
     *
     * @param provider the id of the only account that may have the message from now on, or null to leave that as it is
     */
    public record Retry(String reason, @Nullable String provider) {}

    /** A decision and its reason. */
    public record Resolution(Decision decision, String reason) {}
}
