package ums.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A TCP proxy on loopback that can be cut: it then closes all connections and refuses new ones. */
final class TcpProxy implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final int port;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listener;
    private volatile CountDownLatch held = new CountDownLatch(0);

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.port = Postgres.freePort();
        open();
    }

    int port() {
        return port;
    }

    /** Accepts connections again. */
    synchronized void open() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = socket;
        Thread.startVirtualThread(() -> accept(socket));
    }

    /** Closes all connections and refuses new ones until {@link #open}. */
    synchronized void cut() {
        close(listener);
        listener = null;
        open.forEach(TcpProxy::close);
    }

    /** Holds all data back until {@link #release}; connections stay open. */
    synchronized void hold() {
        held = new CountDownLatch(1);
    }

    synchronized void release() {
        held.countDown();
    }

    @Override
    public void close() {
        release();
        cut();
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.startVirtualThread(() -> serve(client, socket));
            }
        } catch (IOException e) {
            // The proxy was cut.
        }
    }

    private void serve(Socket client, ServerSocket through) {
        open.add(client);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(server);
            // A cut may have happened between the accept and the lines above.
            if (through.isClosed()) {
                return;
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread back = Thread.startVirtualThread(() -> copy(server, client));
            copy(client, server);
            back.join();
            open.remove(server);
        } catch (IOException e) {
            // The target refuses connections, so the proxy closes this one.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                held.await();
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // The end of one direction closes both.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(@Nullable AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
