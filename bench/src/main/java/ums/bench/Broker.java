package ums.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Kafka broker in its own process, run by {@code ops/kafka/broker}. */
final class Broker implements AutoCloseable {

    private static final Path SCRIPT = Path.of("ops", "kafka", "broker").toAbsolutePath();
    private static final Duration STARTING = Duration.ofMinutes(2);

    private final Path folder;
    private final int port;
    private volatile Process process;

    private Broker(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts a new broker and waits until it accepts connections. */
    static Broker start(Path folder) throws IOException {
        Files.createDirectories(folder);
        int port = Postgres.freePort();
        Broker broker = new Broker(folder, port, run(folder, port));
        broker.awaitReady();
        return broker;
    }

    private static Process run(Path folder, int port) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(SCRIPT.toString(), "--port", String.valueOf(port), "--folder", folder.toString());
        builder.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("console.log").toFile()))
                .start();
    }

    private void awaitReady() throws IOException {
        Scenario.await("the Kafka broker, see " + folder.resolve("console.log"), STARTING, this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Starts it again on the same port and folder, and waits until it accepts connections. */
    void startAgain() throws IOException {
        process = run(folder, port);
        awaitReady();
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
