package ums.provider.smtp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import ums.provider.Outcome;

/** Opens new connections: resolves the server's addresses, tries one after the other, and performs the handshake. */
final class SmtpConnector {

    private static final Pattern QUALIFIED_NAME = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    private final SmtpServer server;
    private final SmtpTls tls;
    private final SmtpWatchdog watchdog;

    SmtpConnector(SmtpServer server, SmtpTls tls, SmtpWatchdog watchdog) {
        this.server = server;
        this.tls = tls;
        this.watchdog = watchdog;
    }

    /**
     * Opens a connection.
     *
     * @param attemptEnd the instant at which the attempt that needs it is cut off
     */
    SmtpConnection open(long attemptEnd) throws SmtpFault {
        Route route = resolve(Math.min(SmtpDeadline.after(server.timeout()), attemptEnd));
        Socket socket = connect(route, Math.min(SmtpDeadline.after(server.timeout()), attemptEnd));
        SmtpWire wire;
        try {
            // Each write here waits for a reply, so that Nagle's algorithm would only delay it.
            socket.setTcpNoDelay(true);
            wire = new SmtpWire(socket, server, attemptEnd, watchdog);
        } catch (IOException e) {
            close(socket);
            throw lost(e);
        }
        try {
            SmtpExtensions offered = new SmtpHandshake(wire, server, tls, nameFor(socket, route)).perform();
            return new SmtpConnection(wire, offered);
        } catch (SmtpFault | Error e) {
            wire.close();
            throw e;
        } catch (RuntimeException e) {
            wire.close();
            throw new SmtpFault(SmtpReplies.failed(wire.phase(), e));
        }
    }

    /** Runs on a thread of its own, as a DNS lookup has no deadline. */
    private Route resolve(long end) throws SmtpFault {
        FutureTask<Route> lookup =
                new FutureTask<>(() -> new Route(InetAddress.getAllByName(server.host()), ownQualifiedName()));
        Thread.ofPlatform().daemon().name("smtp-lookup").start(lookup);
        try {
            return lookup.get(end - SmtpDeadline.now(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new SmtpFault(SmtpReplies.timedOut(SmtpPhase.CONNECT, "no address of the server in time"));
        } catch (ExecutionException e) {
            throw lost(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new SmtpFault(SmtpReplies.lost(SmtpPhase.CONNECT, "interrupted"));
        }
    }

    private Socket connect(Route route, long end) throws SmtpFault {
        Outcome last = SmtpReplies.lost(SmtpPhase.CONNECT, "the server has no address");
        for (int i = 0; i < route.addresses().length; i++) {
            // An address that does not answer must leave time for the others.
            long share = (end - SmtpDeadline.now()) / (route.addresses().length - i);
            int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(share)));
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(route.addresses()[i], server.port()), millis);
                return socket;
            } catch (SocketTimeoutException _) {
                close(socket);
                last = SmtpReplies.timedOut(SmtpPhase.CONNECT, "no connection in time");
            } catch (IOException e) {
                close(socket);
                last = lost(e).outcome();
            }
        }
        throw new SmtpFault(last);
    }

    /** RFC 5321 section 4.1.4: this host's fully qualified name, or its address where it has none. */
    private static String nameFor(Socket socket, Route route) {
        return route.ownName() != null ? route.ownName() : literal(socket.getLocalAddress());
    }

    /** The address literal of RFC 5321 section 4.1.3. */
    static String literal(InetAddress address) {
        String digits = address.getHostAddress();
        int zone = digits.indexOf('%');
        digits = zone < 0 ? digits : digits.substring(0, zone);
        return address instanceof Inet6Address ? "[IPv6:" + digits + "]" : "[" + digits + "]";
    }

    private static @Nullable String ownQualifiedName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return QUALIFIED_NAME.matcher(name).matches() ? name : null;
        } catch (UnknownHostException _) {
            return null;
        }
    }

    private static SmtpFault lost(@Nullable Throwable e) {
        String detail = e instanceof UnknownHostException ? "unknown host" : "no connection";
        String message = e == null ? null : e.getMessage();
        return new SmtpFault(
                SmtpReplies.lost(SmtpPhase.CONNECT, message == null ? detail : detail + ": " + message), true);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Nothing is left to close.
        }
    }

    /**
     * The addresses of both sides.
     *
     * @param addresses the server's addresses
     * @param ownName this host's fully qualified name, or null where it has none
     */
    private record Route(InetAddress[] addresses, @Nullable String ownName) {}
}
