package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import ums.web.Problem;
import ums.web.ProblemWriter;

/**
 * Lets so many requests in at the same time and tells the others to come again. Virtual threads cost little, but what
 * they carry does: thousands of requests that wait for a database which does not answer would fill the heap.
 */
@Component
@Order(AdmissionFilter.ORDER)
class AdmissionFilter extends OncePerRequestFilter {

    /** Behind Spring Security's filters (-100): who is not let in takes nobody's place. */
    static final int ORDER = 0;

    private static final Problem FULL = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "Too many requests are being worked on; come again.");

    private final Semaphore places;
    private final ProblemWriter writer;

    AdmissionFilter(LimitsProperties limits, ProblemWriter writer) {
        this.places = new Semaphore(limits.maxConcurrentRequests());
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!places.tryAcquire()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            writer.write(response, FULL);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            places.release();
        }
    }
}
