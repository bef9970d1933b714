package ums.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server that reports the mails it accepts, or misbehaves as configured. It has a port for each UMS process, so that it
 * knows the sender of each mail.
 */
final class SmtpServer {

    private static final int BACKLOG = 500;

    private final String name;
    private final Consumer<Take> takes;
    private final int[] ports;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Random random;
    private volatile double probability;
    private final Map<Integer, Duration> slowness = new ConcurrentHashMap<>();
    private volatile @Nullable String hangingDomain;

    /**
     * @param name the id of its account at UMS
     * @param takes is told of each mail that was read up to its final dot, but for those answered 451
     */
    SmtpServer(String name, int processes, long seed, Consumer<Take> takes) throws IOException {
        this.name = name;
        this.takes = takes;
        random = new Random(seed);
        ports = new int[processes];
        for (int i = 0; i < processes; i++) {
            ports[i] = Postgres.freePort();
        }
        open();
    }

    String name() {
        return name;
    }

    int port(int process) {
        return ports[process];
    }

    /** Listens, or listens again after {@link #down}. */
    synchronized void open() throws IOException {
        if (!listeners.isEmpty()) {
            return;
        }
        for (int i = 0; i < ports.length; i++) {
            int process = i;
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[i]), BACKLOG);
            listeners.add(listener);
            Thread.startVirtualThread(() -> accept(listener, process));
        }
    }

    /** Goes down: closes all connections and refuses new ones. */
    synchronized void down() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        listeners.clear();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** From now on, each transaction and each new connection fails with this probability, in a random way. */
    void misbehave(double chance) {
        probability = chance;
    }

    /**
     * From now on, its replies to DATA and to the final dot each take this long.
     *
     * @param process the process whose mails are delayed, or {@link Fault#ALL_PROCESSES}
     */
    void slow(int process, Duration duration) {
        for (int i = 0; i < ports.length; i++) {
            if (process == i || process == Fault.ALL_PROCESSES) {
                slowness.put(i, duration);
            }
        }
    }

    Duration slowness(int process) {
        return slowness.getOrDefault(process, Duration.ZERO);
    }

    /** Mails to this domain get no reply to their final dot, and are not taken. */
    void hangFor(@Nullable String domain) {
        hangingDomain = domain;
    }

    /** How it treats the next transaction. */
    Behaviour next() {
        return any(Behaviour.harmful());
    }

    /** How it treats the next connection before its first transaction. */
    Behaviour greets() {
        return any(Behaviour.greetings());
    }

    private Behaviour any(List<Behaviour> harmful) {
        if (probability == 0) {
            return Behaviour.ORDERLY;
        }
        synchronized (random) {
            return random.nextDouble() < probability ? harmful.get(random.nextInt(harmful.size())) : Behaviour.ORDERLY;
        }
    }

    boolean hangs(String recipient) {
        String domain = hangingDomain;
        return domain != null && recipient.contains("@" + domain);
    }

    void remember(Take take) {
        takes.accept(take);
    }

    private void accept(ServerSocket listener, int process) {
        boolean pipelining = false;
        try {
            while (true) {
                Socket socket = listener.accept();
                // On every other connection, so that every fault happens with and without pipelining.
                pipelining = !pipelining;
                boolean offer = pipelining;
                Thread.startVirtualThread(() -> talk(socket, process, offer, listener));
            }
        } catch (IOException e) {
            // The server went down.
        }
    }

    private void talk(Socket socket, int process, boolean pipelining, ServerSocket through) {
        open.add(socket);
        try (socket) {
            if (!through.isClosed()) {
                socket.setTcpNoDelay(true);
                new SmtpDialogue(this, socket, process, pipelining).run();
            }
        } catch (IOException e) {
            // The client or the server closed the connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }
}
