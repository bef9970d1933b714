package ums.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import ums.channel.Violation;

/**
 * An error as callers see it (RFC 9457), with a {@code code} that stays the same when its words change.
 *
 * @param status the HTTP status
 * @param code for programs
 * @param detail for people: what is wrong and what would be right
 * @param errors each fault of a bad body with its JSON pointer, or empty
 */
public record Problem(
        HttpStatus status, String code, @Nullable String detail, List<Violation> errors) {

    /** An error that has no pointers. */
    public static Problem of(HttpStatus status, String code, @Nullable String detail) {
        return new Problem(status, code, detail, List.of());
    }

    /** A body of which not all members are as they must be. */
    public static Problem invalid(List<Violation> errors) {
        return new Problem(
                HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "The request is not valid; nothing was changed.", errors);
    }

    /** As Spring MVC writes it. */
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
