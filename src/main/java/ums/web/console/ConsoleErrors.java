package ums.web.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.util.DisconnectedClientHelper;
import ums.reading.ReadsBusyException;
import ums.web.DatabaseFault;
import ums.web.ProblemException;
import ums.web.Refusals;

/** Renders errors as pages, where the API answers with a problem. */
@ControllerAdvice(basePackageClasses = ConsoleErrors.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConsoleErrors {

    private static final Logger log = LoggerFactory.getLogger(ConsoleErrors.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    private final Layout frame;

    ConsoleErrors(Layout frame) {
        this.frame = frame;
    }

    @ExceptionHandler
    String notThere(
            NotFoundException e, Model model, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        return page(HttpStatus.NOT_FOUND, "nothing", model, request, response, locale);
    }

    /** An invalid path variable is a 404, an invalid form field a 400. */
    @ExceptionHandler
    String wrongType(
            MethodArgumentTypeMismatchException e,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        return e.getParameter().hasParameterAnnotation(PathVariable.class)
                ? page(HttpStatus.NOT_FOUND, "nothing", model, request, response, locale)
                : page(HttpStatus.BAD_REQUEST, "invalid", model, request, response, locale);
    }

    @ExceptionHandler
    String refused(
            ProblemException e, Model model, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        return page(e.problem().status(), "invalid", model, request, response, locale);
    }

    @ExceptionHandler
    String busy(
            ReadsBusyException e,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return page(HttpStatus.SERVICE_UNAVAILABLE, "busy", model, request, response, locale);
    }

    /** Such as a badly escaped query string. */
    @ExceptionHandler({InvalidParameterException.class, RequestRejectedException.class})
    String unreadable(
            RuntimeException e, Model model, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        return page(HttpStatus.BAD_REQUEST, "invalid", model, request, response, locale);
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    String database(
            RuntimeException e, Model model, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        if (DatabaseFault.isInvalidText(e)) {
            return page(HttpStatus.BAD_REQUEST, "invalid", model, request, response, locale);
        }
        if (!DatabaseFault.temporary(e)) {
            return unexpected(e, model, request, response, locale);
        }
        log.warn("The database did not answer the console: {}", DatabaseFault.describe(e));
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return page(HttpStatus.SERVICE_UNAVAILABLE, "database", model, request, response, locale);
    }

    @ExceptionHandler
    @Nullable String other(Exception e, Model model, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        if (e instanceof ErrorResponse refused && refused.getStatusCode().is4xxClientError()) {
            HttpStatus status = HttpStatus.resolve(refused.getStatusCode().value());
            return page(status == null ? HttpStatus.BAD_REQUEST : status, "invalid", model, request, response, locale);
        }
        return unexpected(e, model, request, response, locale);
    }

    private String unexpected(
            Exception e, Model model, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        Refusals.unexpected(e);
        return page(HttpStatus.INTERNAL_SERVER_ERROR, "fault", model, request, response, locale);
    }

    private String page(
            HttpStatus status,
            String problem,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        response.setStatus(status.value());
        model.addAttribute("frame", frame.around(request, locale)).addAttribute("problem", problem);
        return "console/problem";
    }
}
