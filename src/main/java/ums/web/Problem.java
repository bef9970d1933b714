package ums.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import ums.channel.Violation;

/**
 * An error as callers see it (RFC 9457), with a {@code code} that stays the same when the text changes.
 *
 * @param status the HTTP status
 * @param code for programs; stable
 * @param detail for people: what is wrong and what would be right
 * @param errors each fault of an invalid body with its JSON pointer (RFC 6901), or empty
 */
public record Problem(
        HttpStatus status, String code, @Nullable String detail, List<Violation> errors) {

    /** An error without JSON pointers. */
    public static Problem of(HttpStatus status, String code, @Nullable String detail) {
        return new Problem(status, code, detail, List.of());
    }

    /** A 400 for a body with invalid members. */
    public static Problem invalid(List<Violation> errors) {
        return new Problem(
                HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "The request is not valid; nothing was changed.", errors);
    }

    /** The body that Spring MVC serializes. */
    public ProblemDetail body() {
        ProblemDetail body = ProblemDetail.forStatus(status);
        body.setTitle(status.getReasonPhrase());
        body.setDetail(detail);
        body.setProperty("code", code);
        if (!errors.isEmpty()) {
            body.setProperty("errors", errors);
        }
        return body;
    }
}
