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
 * Lets so many requests in at the same time and tells the others to come again. Virtual threads cost little, but what
 * they carry does: thousands of requests that wait for a database which does not answer would fill the heap. What is not
 * the API's has places of its own, so that nobody who reads an answer slowly there is in the way of a message.
 */
@Component
@Order(AdmissionFilter.ORDER)
class AdmissionFilter extends OncePerRequestFilter {

    /** Behind Spring Security's filters (-100): who is not let in takes nobody's place. */
    static final int ORDER = 0;

    private static final Problem FULL = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "Too many requests are being worked on; come again.");

    private static final String API = "/api/";
    /** Of the API's places; people and their scripts need few. */
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
        FairQuota places = request.getRequestURI().startsWith(API) ? api : others;
        Object caller = callers.of(request);
        if (!places.take(caller, 1)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            writer.write(response, FULL);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            places.give(caller, 1);
        }
    }
}
