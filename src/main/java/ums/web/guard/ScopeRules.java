package ums.web.guard;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import ums.access.Scope;
import ums.web.Problem;

/** Which scope of an API key a request needs, by method and path. No other place decides that. */
final class ScopeRules {

    private static final String API = "/api/";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private ScopeRules() {}

    /**
     * The scope that a request needs.
     *
     * @param path the decoded path
     * @return null where the API has no such resource, which is a 404 for every key
     */
    static @Nullable Scope needed(String method, String path) {
        return switch (resource(path)) {
            case "messages", "loans" -> READING.contains(method) ? Scope.READ : Scope.SEND;
            case "templates", "layouts" -> Scope.TEMPLATES;
            case "suppressions" -> Scope.SUPPRESSIONS;
            case "webhooks" -> Scope.WEBHOOKS;
            default -> null;
        };
    }

    /** The response to a key without the scope. */
    static Problem missing(Scope needed) {
        return Problem.of(
                HttpStatus.FORBIDDEN,
                "SCOPE_MISSING",
                "This API key lacks the scope \"" + needed.code() + "\", which the request needs.");
    }

    /** The path's first segment after {@code /api/}. */
    private static String resource(String path) {
        if (!path.startsWith(API)) {
            return "";
        }
        int end = path.indexOf('/', API.length());
        return path.substring(API.length(), end < 0 ? path.length() : end);
    }
}
