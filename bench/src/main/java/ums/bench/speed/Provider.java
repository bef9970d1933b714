package ums.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An SMTP server with features that smtp-sink lacks: it delays each reply and records when DATA arrives. */
final class Provider implements AutoCloseable {

    private static final int QUEUED_CONNECTIONS = 500;

    private final ServerSocket listener = new ServerSocket();
    private final Duration delay;
    private final BlockingQueue<Long> data = new LinkedBlockingQueue<>();

    /** @param delay the delay before each reply */
    Provider(Duration delay) throws IOException {
        this.delay = delay;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), QUEUED_CONNECTIONS);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** When each DATA was read, by {@link System#nanoTime}. */
    BlockingQueue<Long> data() {
        return data;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> talk(socket));
            }
        } catch (IOException e) {
            // The server was closed.
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            answer(out, "220 bench ESMTP");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
                    case "EHLO" -> answer(out, "250-bench\r\n250-PIPELINING\r\n250 8BITMIME");
                    case "DATA" -> {
                        data.add(System.nanoTime());
                        answer(out, "354 go on");
                        for (String text = in.readLine(); text != null && !text.equals("."); ) {
                            text = in.readLine();
                        }
                        answer(out, "250 taken");
                    }
                    case "QUIT" -> {
                        answer(out, "221 bye");
                        return;
                    }
                    default -> answer(out, "250 ok");
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client closed the connection, or this program ends.
        }
    }

    private void answer(OutputStream out, String text) throws IOException, InterruptedException {
        Thread.sleep(delay);
        out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
