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
 * Reads what a refused request still sends, as most clients look at no answer before they have said everything; but no
 * longer and no more than is allowed, where Tomcat itself would wait for as long as a byte comes now and then.
 */
final class UnreadBodyValve extends ValveBase {

    private final Duration patience;
    private final long most;

    /**
     * @param patience for a body; see {@link BoundedStream#isLate}
     * @param most how many bytes are read at most
     */
    UnreadBodyValve(Duration patience, long most) {
        super(true);
        this.patience = patience;
        this.most = most;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (isUnread(request)) {
            response.flushBuffer();
            // Whose body took too long has had his time.
            if (response.getStatus() == HttpStatus.REQUEST_TIMEOUT.value() || !drain(request)) {
                // Closes once the answer is out to its end: what is still to come must never be taken for another
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
            // Nobody knows how much there is: Tomcat closes such a connection by itself.
            return false;
        }
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return !read.get();
    }

    /**
     * Reads below the servlet's stream, which is closed with a finished answer.
     *
     * @return whether the body came to its end
     */
    private boolean drain(Request request) {
        long start = System.nanoTime();
        long total = 0;
        Discarding chunk = new Discarding();
        try {
            int got;
            while ((got = request.getCoyoteRequest().doRead(chunk)) >= 0) {
                total += got;
                if (total > most || BoundedStream.isLate(System.nanoTime() - start, total, patience)) {
                    return false;
                }
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Is handed Tomcat's own buffer, and leaves it alone. */
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
            // Nothing is put into it.
        }
    }
}
