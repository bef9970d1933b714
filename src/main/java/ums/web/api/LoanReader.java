package ums.web.api;

import static java.util.Objects.requireNonNullElse;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import ums.channel.Fields;
import ums.channel.Violation;
import ums.channel.email.EmailAddress;
import ums.loan.LoanEvent;
import ums.loan.LoanLanguage;
import ums.loan.NewLoan;
import ums.message.Idempotency;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;

/** Reads loan applications and loan events. */
@Component
class LoanReader {

    private static final Set<String> APPLICATION =
            Set.of("contractNo", "customerId", "customerEmail", "customerName", "language", "principal");
    private static final Set<String> EVENT = Set.of("event", "reason");
    private static final int MAX_NAME = 100;
    private static final int MAX_REASON = 1_000;

    /** 10^15 won is above any lender's total. */
    private static final BigDecimal MAX_PRINCIPAL = BigDecimal.valueOf(1_000_000_000_000_000L);

    private final JsonBody bodies;

    LoanReader(JsonBody bodies) {
        this.bodies = bodies;
    }

    /** @throws ProblemException 400 with every fault */
    Application application(byte[] body, @Nullable String idempotencyKey) {
        String key = IdempotencyKey.ofHeader(idempotencyKey);
        JsonNode request = bodies.parse(body);
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(request, violations);
        fields.allowOnly(APPLICATION::contains);
        NewLoan terms = new NewLoan(
                name("contractNo", fields, violations),
                name("customerId", fields, violations),
                email(fields, violations),
                name("customerName", fields, violations),
                language(fields, violations),
                principal(request.get("principal"), violations));
        check(violations);
        return new Application(terms, MessageReader.idempotency(key, request));
    }

    /**
     * @param loan the loan that the event is for: the same key for another loan is another request
     * @throws ProblemException 400 with every fault
     */
    Event event(byte[] body, UUID loan, @Nullable String idempotencyKey) {
        String key = IdempotencyKey.ofHeader(idempotencyKey);
        JsonNode request = bodies.parse(body);
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(request, violations);
        fields.allowOnly(EVENT::contains);
        LoanEvent event = fields.oneOf("event", LoanEvent.class);
        if (event == null && violations.stream().noneMatch(it -> it.pointer().equals("/event"))) {
            violations.add(new Violation(
                    "/event",
                    "is required: one of "
                            + Arrays.stream(LoanEvent.values()).map(Enum::name).collect(Collectors.joining(", "))));
        }
        String reason = fields.text("reason");
        if (reason != null && !MessageReader.printable(reason, MAX_REASON)) {
            violations.add(
                    new Violation("/reason", "must be 1 to " + MAX_REASON + " characters without control characters"));
        }
        check(violations);
        JsonNode hashed =
                JsonNodeFactory.instance.arrayNode().add(loan.toString()).add(request);
        return new Event(requireNonNullElse(event, LoanEvent.APPROVE), reason, MessageReader.idempotency(key, hashed));
    }

    private static String name(String field, Fields fields, List<Violation> violations) {
        int before = violations.size();
        String name = fields.text(field);
        if (violations.size() == before
                && (name == null || name.isBlank() || !MessageReader.printable(name, MAX_NAME))) {
            violations.add(new Violation(
                    "/" + field, "is required: 1 to " + MAX_NAME + " characters without control characters"));
        }
        return requireNonNullElse(name, "");
    }

    private static String email(Fields fields, List<Violation> violations) {
        int before = violations.size();
        String email = fields.text("customerEmail");
        if (violations.size() > before) {
            return "";
        }
        if (email == null) {
            violations.add(new Violation("/customerEmail", "is required"));
            return "";
        }
        try {
            EmailAddress address = EmailAddress.parse(email);
            if (address.displayName() == null) {
                return address.address();
            }
            violations.add(new Violation("/customerEmail", "must be the address alone; the name is customerName"));
        } catch (IllegalArgumentException invalid) {
            violations.add(new Violation("/customerEmail", requireNonNullElse(invalid.getMessage(), "is no address")));
        }
        return "";
    }

    private static LoanLanguage language(Fields fields, List<Violation> violations) {
        String code = fields.text("language");
        for (LoanLanguage language : LoanLanguage.values()) {
            if (language.code().equals(code)) {
                return language;
            }
        }
        if (code != null) {
            violations.add(new Violation("/language", "must be ko or en"));
        }
        return LoanLanguage.KO;
    }

    /** Compared as a decimal first: a number with a billion digits does not fit into memory as an integer. */
    private static long principal(@Nullable JsonNode value, List<Violation> violations) {
        if (value != null && value.isNumber()) {
            BigDecimal won = value.decimalValue();
            if (won.compareTo(BigDecimal.ONE) >= 0
                    && won.compareTo(MAX_PRINCIPAL) <= 0
                    && won.stripTrailingZeros().scale() <= 0) {
                return won.longValueExact();
            }
        }
        violations.add(new Violation("/principal", "is required: whole won, a number from 1 to 10^15"));
        return 0;
    }

    private static void check(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
    }

    /** An application, and its idempotency key or null. */
    record Application(NewLoan terms, @Nullable Idempotency idempotency) {}

    /** An event, its reason or null, and its idempotency key or null. */
    record Event(
            LoanEvent event,
            @Nullable String reason,
            @Nullable Idempotency idempotency) {}
}
