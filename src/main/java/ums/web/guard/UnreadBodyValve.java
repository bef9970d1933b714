package ums.web.guard;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.http.HttpStatus;

/**
 * Reads the rest of a refused request's body, as most clients read no response before they have sent everything. Time
 * and length are bounded, where Tomcat itself would wait as long as bytes trickle in.
 */
final class UnreadBodyValve extends ValveBase {

    private final Duration timeout;
    private final long maxBytes;

    /**
     * @param timeout for a body; see {@link BoundedStream#isLate}
     * @param maxBytes how many bytes are read at most
     */
    UnreadBodyValve(Duration timeout, long maxBytes) {
        super(true);
        this.timeout = timeout;
        this.maxBytes = maxBytes;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (isUnread(request)) {
            response.flushBuffer();
            // A body that timed out gets no more time.
            if (response.getStatus() == HttpStatus.REQUEST_TIMEOUT.value() || !drain(request)) {
                // Closes the connection after the response, so that the rest of the body is never parsed as another
                // request.
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        }
    }

    private static boolean isUnread(Request request) {
        try {
            if (request.getContentLengthLong() == 0) {
                return false;
            }
        } catch (IllegalArgumentException _) {
            // The length is invalid: Tomcat closes such a connection itself.
            return false;
        }
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return !read.get();
    }

    /**
     * Reads from the connector, as the servlet's stream is closed after the response.
     *
     * @return whether the body was read to its end
     */
    private boolean drain(Request request) {
        long start = System.nanoTime();
        long total = 0;
        Discarding chunk = new Discarding();
        try {
            int got;
            while ((got = request.getCoyoteRequest().doRead(chunk)) >= 0) {
                total += got;
                if (total > maxBytes || BoundedStream.isLate(System.nanoTime() - start, total, timeout)) {
                    return false;
                }
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Takes Tomcat's buffer and ignores its content. */
    private static final class Discarding implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer next) {
            buffer = next;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {
            // Nothing is written to the buffer.
        }
    }
}
