package ums.web.admin;

import static java.util.Objects.requireNonNullElse;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import ums.access.ApiKey;
import ums.access.KeyRequest;
import ums.access.Scope;
import ums.channel.Channels;
import ums.channel.Fields;
import ums.channel.Violation;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;

/** Reads a request for a new key, for the API and the console. */
@Component
public class ApiKeyReader {

    private static final Set<String> FIELDS = Set.of("client", "name", "mode", "from", "scopes", "expiresAt");
    private static final String SCOPES = Scope.ALL.stream().map(Scope::code).collect(Collectors.joining(", "));
    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_NAME = 200;
    private static final int MAX_SENDER = 100;

    private final JsonBody bodies;
    private final Channels channels;
    private final Clock clock;

    ApiKeyReader(JsonBody bodies, Channels channels, Clock clock) {
        this.bodies = bodies;
        this.channels = channels;
        this.clock = clock;
    }

    /** @throws ProblemException 400 with every fault */
    KeyRequest read(byte[] body) {
        return read(bodies.parse(body));
    }

    /** @throws ProblemException 400 with every fault */
    public KeyRequest read(JsonNode object) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(object, violations);
        fields.allowOnly(FIELDS::contains);
        String client = requireNonNullElse(fields.text("client"), "");
        if (!CLIENT.matcher(client).matches()) {
            violations.add(new Violation(
                    "/client",
                    "must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit"));
        }
        String name = requireNonNullElse(fields.text("name"), client);
        if (name.length() > MAX_NAME || hasControlCharacter(name)) {
            violations.add(
                    new Violation("/name", "must be at most " + MAX_NAME + " characters without control characters"));
        }
        ApiKey.Mode mode = mode(fields.text("mode"), violations);
        Set<String> from = from(fields.texts("from"), violations);
        Set<Scope> scopes = scopes(fields.texts("scopes"), violations);
        // An empty array must not create a key for any sender, or for all scopes.
        refuseEmpty("from", "must name a sender; leave it out where any will do", object, violations);
        refuseEmpty("scopes", "must name a scope; leave it out for all", object, violations);
        Instant expiresAt = fields.instant("expiresAt");
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            violations.add(new Violation("/expiresAt", "is in the past"));
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
        return new KeyRequest(client, name, mode, from, scopes.isEmpty() ? Scope.ALL : scopes, expiresAt);
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

    private Set<String> from(List<String> written, List<Violation> violations) {
        Set<String> from = new LinkedHashSet<>();
        for (int i = 0; i < written.size(); i++) {
            try {
                from.add(sender(written.get(i)));
            } catch (IllegalArgumentException invalid) {
                violations.add(new Violation("/from/" + i, requireNonNullElse(invalid.getMessage(), "is no sender")));
            }
        }
        return from;
    }

    /** The spelling that {@link ApiKey#from} holds: a number or a profile that no channel knows is kept as it was written. */
    private String sender(String written) {
        try {
            return channels.normalise(written);
        } catch (IllegalArgumentException invalid) {
            String sender = written.strip();
            if (sender.indexOf('@') > 0) {
                throw invalid;
            }
            if (sender.isEmpty() || sender.length() > MAX_SENDER || hasControlCharacter(written)) {
                throw new IllegalArgumentException(
                        "must be an e-mail address, or a number or profile of 1 to " + MAX_SENDER
                                + " characters without control characters",
                        invalid);
            }
            return sender;
        }
    }

    private static Set<Scope> scopes(List<String> codes, List<Violation> violations) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (int i = 0; i < codes.size(); i++) {
            Optional<Scope> scope = Scope.of(codes.get(i));
            if (scope.isEmpty()) {
                violations.add(new Violation("/scopes/" + i, "must be one of " + SCOPES));
            } else if (!scopes.add(scope.get())) {
                violations.add(new Violation("/scopes/" + i, "is named twice"));
            }
        }
        return scopes;
    }

    private static void refuseEmpty(String name, String fault, JsonNode object, List<Violation> violations) {
        JsonNode array = object.path(name);
        if (array.isArray() && array.isEmpty()) {
            violations.add(new Violation("/" + name, fault));
        }
    }

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
