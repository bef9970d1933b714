package ums.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses bodies over the limit: at once where their length is said, else as soon as they pass it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestSizeFilter extends OncePerRequestFilter {

    private final long max;
    private final Problem problem;
    private final ProblemWriter writer;

    RequestSizeFilter(LimitsProperties limits, ProblemWriter writer) {
        this.max = limits.maxRequestSize().toBytes();
        this.problem =
                Problem.of(HttpStatus.CONTENT_TOO_LARGE, "REQUEST_TOO_LARGE", "The body is over " + max + " bytes.");
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > max) {
            writer.write(response, problem);
        } else if (request.getContentLengthLong() < 0) {
            chain.doFilter(new Bounded(request), response);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** A request that does not say how long its body is. */
    private final class Bounded extends HttpServletRequestWrapper {

        Bounded(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream());
        }
    }

    private final class BoundedStream extends ServletInputStream {

        private final ServletInputStream body;
        private long read;

        BoundedStream(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int octet = body.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int got = body.read(target, offset, length);
            count(Math.max(got, 0));
            return got;
        }

        private void count(int octets) {
            read += octets;
            if (read > max) {
                throw new ProblemException(problem);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
