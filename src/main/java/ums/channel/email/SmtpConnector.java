package ums.channel.email;

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
import ums.channel.Outcome;

/** Makes new connections: finds the server's addresses, tries one after the other, and shakes hands. */
final class SmtpConnector {

    private static final Pattern FULL_NAME = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

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
        Route route = lookUp(Math.min(SmtpDeadline.after(server.timeout()), attemptEnd));
        Socket socket = connect(route, Math.min(SmtpDeadline.after(server.timeout()), attemptEnd));
        SmtpWire wire;
        try {
            // Each write here waits for an answer: to hold back the last segment only costs time.
            socket.setTcpNoDelay(true);
            wire = new SmtpWire(socket, server.timeout(), attemptEnd, watchdog);
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

    /** On a thread of its own, as a look-up knows no deadline. */
    private Route lookUp(long end) throws SmtpFault {
        FutureTask<Route> lookUp =
                new FutureTask<>(() -> new Route(InetAddress.getAllByName(server.host()), ownFullName()));
        Thread.ofPlatform().daemon().name("smtp-lookup").start(lookUp);
        try {
            return lookUp.get(end - SmtpDeadline.now(), TimeUnit.NANOSECONDS);
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
            // A first address that does not answer leaves time for the others.
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

    /** RFC 5321 section 4.1.4: the full name of this host, or where it has none, the address it comes from. */
    private static String nameFor(Socket socket, Route route) {
        return route.ownName() != null ? route.ownName() : literal(socket.getLocalAddress());
    }

    /** An address as RFC 5321 section 4.1.3 writes it in place of a name. */
    static String literal(InetAddress address) {
        String digits = address.getHostAddress();
        int zone = digits.indexOf('%');
        digits = zone < 0 ? digits : digits.substring(0, zone);
        return address instanceof Inet6Address ? "[IPv6:" + digits + "]" : "[" + digits + "]";
    }

    private static @Nullable String ownFullName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return FULL_NAME.matcher(name).matches() ? name : null;
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
            // It is closed for us.
        }
    }

    /**
     * What it takes to call the server.
     *
     * @param addresses where it is
     * @param ownName the full name of this host, or null where it has none
     */
    private record Route(InetAddress[] addresses, @Nullable String ownName) {}
}
