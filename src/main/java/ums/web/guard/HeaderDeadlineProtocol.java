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
 * HTTP/1.1 whose request headers must arrive in time. Tomcat's own timeout begins anew with every byte, so that one byte
 * every nine seconds held a connection for a day. A header that comes whole, as nearly all do, costs nothing here; of the
 * others it is noted when they began, and a byte that comes too late is the last one.
 *
 * <p>Public, with a constructor that takes nothing, as Tomcat makes it by its name.
 */
public class HeaderDeadlineProtocol extends Http11NioProtocol {

    private volatile long deadlineNanos = Long.MAX_VALUE;

    public HeaderDeadlineProtocol() {
        getEndpoint().setHandler(new Deadline(getHandler()));
    }

    /** How long a header may take. */
    void setHeaderDeadline(Duration deadline) {
        deadlineNanos = deadline.toNanos();
    }

    /** Named by a container's network, a service has a name such as {@code ums_api}. */
    @Override
    protected Processor createProcessor() {
        return new UnderscoreProcessor(this, getAdapter());
    }

    private final class Deadline implements Handler<NioChannel> {

        private final Handler<NioChannel> http;
        private final Map<SocketWrapperBase<NioChannel>, Long> begun = new ConcurrentHashMap<>();

        Deadline(Handler<NioChannel> http) {
            this.http = http;
        }

        @Override
        public SocketState process(SocketWrapperBase<NioChannel> socket, SocketEvent event) {
            Long since = begun.isEmpty() ? null : begun.get(socket);
            if (since != null && System.nanoTime() - since > deadlineNanos) {
                begun.remove(socket);
                return SocketState.CLOSED;
            }
            int before = since == null ? 0 : answered(socket);
            SocketState state = http.process(socket, event);
            if (state == SocketState.LONG && !isAsynchronous(socket)) {
                // Behind an answer the header is another one, and has its own time.
                if (since == null || answered(socket) != before) {
                    begun.put(socket, System.nanoTime());
                }
            } else if (since != null) {
                begun.remove(socket);
            }
            return state;
        }

        /** An answer that is still being written is no header that is still being read. */
        private static boolean isAsynchronous(SocketWrapperBase<NioChannel> socket) {
            return socket.getCurrentProcessor() instanceof Processor processor && processor.isAsync();
        }

        /** How many requests were answered by who reads from there, and still reads while a header is incomplete. */
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
            begun.remove(socket);
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
