package ums;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy in front of a server. A test closes it, which cuts all connections, and opens it again. */
public final class Gate implements AutoCloseable {

    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile ServerSocket listener;

    /** An open gate in front of a port on loopback. */
    public Gate(int target) {
        this.target = target;
        listener = listen(0);
        port = listener.getLocalPort();
        accept(listener);
    }

    public int port() {
        return port;
    }

    public void open() {
        listener = listen(port);
        accept(listener);
    }

    /** Refuses new connections and cuts the open ones. */
    @Override
    public void close() {
        closeQuietly(listener);
        sockets.forEach(Gate::closeQuietly);
        sockets.clear();
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket in = from.accept();
                    Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.add(in);
                    sockets.add(out);
                    if (from.isClosed()) {
                        close();
                    }
                    pump(in, out);
                    pump(out, in);
                }
            } catch (IOException _) {
                // The gate was closed.
            }
        });
    }

    private void pump(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException _) {
                // One side closed the connection.
            } finally {
                sockets.remove(from);
            }
        });
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception _) {
            // The socket was closed already.
        }
    }
}
