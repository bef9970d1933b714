package ums.web;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import ums.channel.InvalidContentException;
import ums.channel.Violation;
import ums.contact.PreferenceTooBroadException;
import ums.failure.DecisionRefusedException;
import ums.loan.TransitionNotAllowedException;
import ums.message.IdempotencyKeyReusedException;
import ums.message.NotCancelableException;
import ums.message.NotRoutableException;
import ums.message.SenderNotAllowedException;
import ums.reading.ReadsBusyException;

/** Answers every exception with a {@link Problem}, so that no stack trace, SQL or class name reaches a caller. */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_AFTER_SECONDS = "5";
    private static final String SOON_SECONDS = "1";
    private static final Problem BUSY = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "OVERLOADED",
            "Too many lists and searches are being worked on; come again.");
    private static final Problem INVALID_TEXT = Problem.of(
            HttpStatus.BAD_REQUEST, "INVALID_PARAMETER", "A parameter holds a character that no text here can hold.");
    private static final Problem UNREADABLE = Problem.of(
            HttpStatus.BAD_REQUEST,
            "INVALID_PARAMETER",
            "The query string cannot be read: it has at most 1,000 parameters with a name each, in percent-encoded UTF-8.");

    @ExceptionHandler({
        ProblemException.class,
        InvalidContentException.class,
        IdempotencyKeyReusedException.class,
        SenderNotAllowedException.class,
        NotCancelableException.class,
        NotRoutableException.class
    })
    ResponseEntity<Object> refused(RuntimeException e) {
        Problem problem = Refusals.problem(e);
        HttpHeaders headers = new HttpHeaders();
        if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer(problem, headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> busy(ReadsBusyException e) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, SOON_SECONDS);
        return answer(BUSY, headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> decisionRefused(DecisionRefusedException e) {
        return answer(Problem.of(HttpStatus.CONFLICT, e.why().name(), e.getMessage()), HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> transitionNotAllowed(TransitionNotAllowedException e) {
        ProblemDetail body = Problem.of(HttpStatus.CONFLICT, "TRANSITION_NOT_ALLOWED", e.getMessage())
                .body();
        body.setProperty("allowed", e.allowed());
        return ResponseEntity.status(HttpStatus.CONFLICT)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }

    @ExceptionHandler
    ResponseEntity<Object> preferenceTooBroad(PreferenceTooBroadException e) {
        return answer(
                new Problem(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "PREFERENCE_TOO_BROAD",
                        "A customer may exclude at most 28 hours a week and three channels; nothing was stored.",
                        List.of(new Violation(e.pointer(), requireNonNullElse(e.getMessage(), "is too much")))),
                HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongType(MethodArgumentTypeMismatchException e) {
        return answer(
                Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "INVALID_PARAMETER",
                        "\"" + e.getName() + "\" is not of the form it must have."),
                HttpHeaders.EMPTY);
    }

    /**
     * A query string that is not UTF-8, is badly escaped or has more than a thousand parameters. Tomcat's own message
     * repeats it.
     */
    @ExceptionHandler({InvalidParameterException.class, RequestRejectedException.class})
    ResponseEntity<Object> unreadable(RuntimeException e) {
        return answer(UNREADABLE, HttpHeaders.EMPTY);
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<Object> database(RuntimeException e) {
        if (DatabaseFault.isInvalidText(e)) {
            return answer(INVALID_TEXT, HttpHeaders.EMPTY);
        }
        if (!DatabaseFault.temporary(e)) {
            return unexpected(e);
        }
        log.warn("The database did not answer a request: {}", DatabaseFault.describe(e));
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return answer(DatabaseFault.PROBLEM, headers);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> other(Exception e) {
        // A disconnected client needs no response and no log line.
        return DisconnectedClientHelper.isClientDisconnectedException(e) ? null : unexpected(e);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(Problem.of(HttpStatus.BAD_REQUEST, "MALFORMED_JSON", "A JSON body is required."), headers);
    }

    /** Spring's own exceptions: their status, with our code and text. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpStatus known = HttpStatus.resolve(status.value());
        HttpStatus shown = known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
        if (shown.is5xxServerError()) {
            return unexpected(e);
        }
        return answer(Problem.of(shown, shown.name(), detail(shown)), headers);
    }

    private static @Nullable String detail(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "There is nothing at this address.";
            case METHOD_NOT_ALLOWED -> "The method is not one of those in the Allow header.";
            case UNSUPPORTED_MEDIA_TYPE -> "The body must be application/json.";
            case NOT_ACCEPTABLE -> "The answer is application/json.";
            default -> null;
        };
    }

    private static ResponseEntity<Object> unexpected(Exception e) {
        return answer(Refusals.unexpected(e), HttpHeaders.EMPTY);
    }

    private static ResponseEntity<Object> answer(Problem problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.body());
    }
}
