package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import ums.web.Problem;
import ums.web.ProblemWriter;

/**
 * Bounds the number of concurrent requests and answers the others with 503. Virtual threads are cheap, but thousands of
 * requests that wait for an unresponsive database would fill the heap. Requests outside the API have a quota of their
 * own, so that slow readers there do not block messages.
 */
@Component
@Order(AdmissionFilter.ORDER)
class AdmissionFilter extends OncePerRequestFilter {

    /** After Spring Security's filters (-100), so that unauthenticated requests take no permit. */
    static final int ORDER = 0;

    private static final Problem FULL = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "Too many requests are being worked on; come again.");

    private static final String API = "/api/";
    /** One in ten of the API's permits; people and their scripts need few. */
    private static final int SHARE_OF_OTHERS = 10;

    private final FairQuota api;
    private final FairQuota others;
    private final Callers callers;
    private final ProblemWriter writer;

    AdmissionFilter(LimitsProperties limits, Callers callers, ProblemWriter writer) {
        this.api = new FairQuota(limits.maxConcurrentRequests());
        this.others = new FairQuota(Math.ceilDiv(limits.maxConcurrentRequests(), SHARE_OF_OTHERS));
        this.callers = callers;
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        FairQuota quota = request.getRequestURI().startsWith(API) ? api : others;
        Object caller = callers.of(request);
        if (!quota.tryAcquire(caller, 1)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            writer.write(response, FULL);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            quota.release(caller, 1);
        }
    }
}
