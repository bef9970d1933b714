package ums.web.admin;

import static java.util.Objects.requireNonNullElse;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import ums.access.ApiKey;
import ums.channel.Violation;
import ums.channel.email.EmailAddress;
import ums.web.Fields;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;

/** Reads a request for a new key, for the API and the console. */
@Component
public class ApiKeyReader {

    private static final Set<String> FIELDS = Set.of("client", "name", "mode", "from", "expiresAt");
    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_NAME = 200;

    private final JsonBody bodies;
    private final Clock clock;

    ApiKeyReader(JsonBody bodies, Clock clock) {
        this.bodies = bodies;
        this.clock = clock;
    }

    /** @throws ProblemException 400 with every fault */
    NewKey read(byte[] body) {
        return read(bodies.parse(body));
    }

    /** @throws ProblemException 400 with every fault */
    public NewKey read(JsonNode object) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(object, violations);
        fields.allowOnly(FIELDS);
        String client = requireNonNullElse(fields.text("client"), "");
        if (!CLIENT.matcher(client).matches()) {
            violations.add(new Violation(
                    "/client",
                    "must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit"));
        }
        String name = requireNonNullElse(fields.text("name"), client);
        if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            violations.add(
                    new Violation("/name", "must be at most " + MAX_NAME + " characters without control characters"));
        }
        ApiKey.Mode mode = mode(fields.text("mode"), violations);
        Set<String> from = from(fields.texts("from"), violations);
        JsonNode senders = object.path("from");
        if (senders.isArray() && senders.isEmpty()) {
            // An empty array must not create a key for any sender.
            violations.add(new Violation("/from", "must name an address; leave it out where any will do"));
        }
        Instant expiresAt = fields.instant("expiresAt");
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            violations.add(new Violation("/expiresAt", "is in the past"));
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
        return new NewKey(client, name, mode, from, expiresAt);
    }

    private static ApiKey.Mode mode(@Nullable String mode, List<Violation> violations) {
        return switch (mode) {
            case null -> ApiKey.Mode.LIVE;
            case "live" -> ApiKey.Mode.LIVE;
            case "test" -> ApiKey.Mode.TEST;
            default -> {
                violations.add(new Violation("/mode", "must be live or test"));
                yield ApiKey.Mode.LIVE;
            }
        };
    }

    private static Set<String> from(List<String> addresses, List<Violation> violations) {
        Set<String> from = new LinkedHashSet<>();
        for (int i = 0; i < addresses.size(); i++) {
            try {
                from.add(EmailAddress.parse(addresses.get(i)).identity());
            } catch (IllegalArgumentException invalid) {
                violations.add(new Violation("/from/" + i, requireNonNullElse(invalid.getMessage(), "is no address")));
            }
        }
        return from;
    }

    /** A valid request for a new key. An empty {@code from} allows any sender. */
    public record NewKey(
            String client,
            String name,
            ApiKey.Mode mode,
            Set<String> from,
            @Nullable Instant expiresAt) {}
}
