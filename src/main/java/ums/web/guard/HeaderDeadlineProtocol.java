package ums.web.guard;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP/1.1 with a deadline for request headers. Tomcat's own timeout restarts with every byte, so that a byte every
 * nine seconds can hold a connection for a day. A header that arrives in one read costs nothing here; for the others
 * the start is recorded, and a byte after the deadline closes the connection.
 *
 * <p>Public, with a no-argument constructor, as Tomcat instantiates it by name.
 */
public class HeaderDeadlineProtocol extends Http11NioProtocol {

    private volatile long deadlineNanos = Long.MAX_VALUE;

    public HeaderDeadlineProtocol() {
        getEndpoint().setHandler(new Deadline(getHandler()));
    }

    /** The time from a header's first byte to its last. */
    void setHeaderDeadline(Duration deadline) {
        deadlineNanos = deadline.toNanos();
    }

    /** Container networks name services with underscores, such as {@code ums_api}. */
    @Override
    protected Processor createProcessor() {
        return new UnderscoreProcessor(this, getAdapter());
    }

    private final class Deadline implements Handler<NioChannel> {

        private final Handler<NioChannel> http;
        private final Map<SocketWrapperBase<NioChannel>, Long> startedAt = new ConcurrentHashMap<>();

        Deadline(Handler<NioChannel> http) {
            this.http = http;
        }

        @Override
        public SocketState process(SocketWrapperBase<NioChannel> socket, SocketEvent event) {
            Long since = startedAt.isEmpty() ? null : startedAt.get(socket);
            if (since != null && System.nanoTime() - since > deadlineNanos) {
                startedAt.remove(socket);
                return SocketState.CLOSED;
            }
            int before = since == null ? 0 : answered(socket);
            SocketState state = http.process(socket, event);
            if (state == SocketState.LONG && !isAsynchronous(socket)) {
                // After a response the next header has a deadline of its own.
                if (since == null || answered(socket) != before) {
                    startedAt.put(socket, System.nanoTime());
                }
            } else if (since != null) {
                startedAt.remove(socket);
            }
            return state;
        }

        /** A connection whose response is still being written is not reading a header. */
        private static boolean isAsynchronous(SocketWrapperBase<NioChannel> socket) {
            return socket.getCurrentProcessor() instanceof Processor processor && processor.isAsync();
        }

        /**
         * How many requests the connection's processor has answered; the processor is attached while a header is
         * incomplete.
         */
        private static int answered(SocketWrapperBase<NioChannel> socket) {
            return socket.getCurrentProcessor() instanceof Processor processor
                    ? processor.getRequest().getRequestProcessor().getRequestCount()
                    : 0;
        }

        @Override
        public Object getGlobal() {
            return http.getGlobal();
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> socket) {
            startedAt.remove(socket);
            http.release(socket);
        }

        @Override
        public void pause() {
            http.pause();
        }

        @Override
        public void recycle() {
            http.recycle();
        }
    }
}
