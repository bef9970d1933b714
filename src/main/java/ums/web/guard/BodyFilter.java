package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
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
 * Refuses bodies over the limit, at once where their length is said, else as soon as they pass it; bodies that do not
 * arrive in time; and bodies that would not fit into the heap beside the others, or take more than their caller's share of
 * it. It stands behind the log-in, so that nobody's body is read who has no key.
 */
@Component
@Order(BodyFilter.ORDER)
class BodyFilter extends OncePerRequestFilter {

    static final int ORDER = AdmissionFilter.ORDER + 1;

    /** A request's body is held about twice, and its values once more. */
    private static final int SHARE_OF_HEAP = 10;

    private final LimitsProperties limits;
    private final Problem tooLarge;
    private final ProblemWriter writer;
    private final FairQuota memory;
    private final Callers callers;

    BodyFilter(LimitsProperties limits, Callers callers, ProblemWriter writer) {
        this.limits = limits;
        long max = limits.maxRequestSize().toBytes();
        this.tooLarge =
                Problem.of(HttpStatus.CONTENT_TOO_LARGE, "REQUEST_TOO_LARGE", "The body is over " + max + " bytes.");
        this.writer = writer;
        this.callers = callers;
        // One body of each of two callers always fits, however small the heap.
        this.memory = new FairQuota(Math.max(2 * max, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long length = request.getContentLengthLong();
        if (length > limits.maxRequestSize().toBytes()) {
            writer.write(response, tooLarge);
            return;
        }
        if (length == 0 || length < 0 && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
            chain.doFilter(request, response);
            return;
        }
        try (BodyMemory use = new BodyMemory(memory, callers.of(request))) {
            chain.doFilter(new Bounded(request, use), response);
        }
    }

    private final class Bounded extends HttpServletRequestWrapper {

        private final BodyMemory use;

        Bounded(HttpServletRequest request, BodyMemory use) {
            super(request);
            this.use = use;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(
                    super.getInputStream(), limits.maxRequestSize(), limits.readTimeout(), tooLarge, use);
        }
    }
}
