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
 * Refuses bodies that are too long, at once if Content-Length says so, else as soon as they exceed the limit; bodies
 * that arrive too slowly; and bodies that would exceed the memory for all bodies or their caller's share of it. It runs
 * after authentication, so that no body is read without a key.
 */
@Component
@Order(BodyFilter.ORDER)
class BodyFilter extends OncePerRequestFilter {

    static final int ORDER = AdmissionFilter.ORDER + 1;

    /** A body is in memory about twice, and its parsed values once more. */
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
        // Two callers can always have one body each, however small the heap.
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
