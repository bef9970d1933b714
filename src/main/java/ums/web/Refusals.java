package ums.web;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import ums.channel.InvalidContentException;
import ums.message.IdempotencyKeyReusedException;
import ums.message.NotCancelableException;
import ums.message.NotRoutableException;
import ums.message.SenderNotAllowedException;

/**
 * Maps the reason for refusing a message to a {@link Problem}, the same for a single message and an item of a batch.
 */
public final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    /** The problem for an exception. An unexpected one is also logged. */
    public static Problem problem(RuntimeException fault) {
        return switch (fault) {
            case ProblemException it -> it.problem();
            case InvalidContentException it ->
                new Problem(
                        HttpStatus.BAD_REQUEST,
                        "INVALID_MESSAGE",
                        "The message is not valid; nothing was stored.",
                        it.violations());
            case IdempotencyKeyReusedException _ ->
                Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "IDEMPOTENCY_KEY_REUSED",
                        "The Idempotency-Key stands for an earlier request with another body.");
            case SenderNotAllowedException _ ->
                Problem.of(
                        HttpStatus.FORBIDDEN,
                        "FROM_NOT_ALLOWED",
                        "This API key may not send as the message's \"from\".");
            case NotRoutableException it ->
                new Problem(
                        HttpStatus.BAD_REQUEST,
                        it.code(),
                        "The message cannot be sent as it is; nothing was stored.",
                        List.of(it.violation()));
            case NotCancelableException it ->
                Problem.of(
                        HttpStatus.CONFLICT,
                        "NOT_CANCELABLE",
                        "The message is " + it.status() + "; only one that is ACCEPTED or RETRY can be canceled.");
            default -> unexpected(fault);
        };
    }

    /** A 500 for a bug in UMS: it is logged, and the caller gets no details. */
    public static Problem unexpected(Exception fault) {
        log.error("A request failed because of a bug in UMS", fault);
        return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "The fault is ours and is in our log.");
    }
}
