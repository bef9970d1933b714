package ums.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A UMS process with its own ports and home folder. */
public final class UmsProcess implements AutoCloseable {

    private static final Duration CHECKING = Duration.ofSeconds(2);
    /** The JVM's exit code for {@code ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private final int number;
    private final List<String> java;
    private final Path home;
    private final int port;
    private final int managementPort;
    private final List<String> settings;
    private final HttpClient http;
    private final AtomicInteger endedByItself = new AtomicInteger();
    private final AtomicInteger outOfMemory = new AtomicInteger();
    private volatile @Nullable Process process;
    private volatile boolean ready;
    private volatile boolean askedToEnd;

    /**
     * @param number its name in messages
     * @param java the arguments of {@code java}: JVM options, and -jar with UMS's jar
     * @param home its home folder
     * @param settings UMS's settings, except for home and ports
     */
    public UmsProcess(int number, List<String> java, Path home, List<String> settings, HttpClient http)
            throws IOException {
        this.number = number;
        this.java = java;
        this.home = Files.createDirectories(home);
        this.settings = new ArrayList<>(settings);
        this.http = http;
        this.port = Postgres.freePort();
        this.managementPort = Postgres.freePort();
    }

    /** Changes a setting from the next start on; null removes it. */
    synchronized void change(String name, @Nullable String value) {
        settings.removeIf(it -> it.startsWith(name + "="));
        if (value != null) {
            settings.add(name + "=" + value);
        }
    }

    /** Starts the process without waiting. */
    public synchronized void start() throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Without heap it would hang; after an exit it is restarted.
        words.add("-XX:+ExitOnOutOfMemoryError");
        words.addAll(java);
        words.addAll(
                List.of("--ums.home=" + home, "--server.port=" + port, "--management.server.port=" + managementPort));
        words.addAll(settings);
        askedToEnd = false;
        process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("console.log").toFile()))
                .start();
    }

    /** Waits until it is ready, and restarts it if it ended because its database was down. */
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isReady()) {
            startAgain();
            if (System.nanoTime() > deadline) {
                throw new IOException("UMS process " + number + " is not ready, see " + home.resolve("console.log"));
            }
            Thread.sleep(200);
        }
        ready = true;
    }

    /** Restarts the process if it ended by itself; returns whether it had. */
    synchronized boolean startAgain() throws IOException {
        Process current = process;
        if (askedToEnd || current == null || current.isAlive()) {
            return false;
        }
        ready = false;
        endedByItself.incrementAndGet();
        outOfMemory.addAndGet(current.exitValue() == OUT_OF_MEMORY ? 1 : 0);
        start();
        return true;
    }

    /** Whether its readiness is up. */
    public boolean isReady() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(managementUrl("/actuator/health/readiness")))
                .timeout(CHECKING)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** kill -9. */
    public synchronized void kill() throws InterruptedException {
        askedToEnd = true;
        ready = false;
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
            current.waitFor();
        }
    }

    /** SIGSTOP. */
    void stop() throws IOException, InterruptedException {
        ready = false;
        signal("STOP");
    }

    /** SIGCONT. */
    void carryOn() throws IOException, InterruptedException {
        signal("CONT");
        ready = true;
    }

    /**
     * Sends SIGTERM.
     *
     * @return the exit code, or null if it did not end in time
     */
    public @Nullable Integer terminate(Duration patience) throws IOException, InterruptedException {
        askedToEnd = true;
        ready = false;
        signal("TERM");
        Process current = process;
        return current != null && current.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
                ? current.exitValue()
                : null;
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process current = process;
        if (current != null) {
            Signals.send(name, current.pid());
        }
    }

    /** Whether it was ready once and is still alive. */
    boolean isUp() {
        Process current = process;
        return ready && current != null && current.isAlive();
    }

    int number() {
        return number;
    }

    /** The operating system's process. */
    public ProcessHandle handle() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("UMS process " + number + " was not started");
        }
        return current.toHandle();
    }

    /** How often it ended by itself. */
    int endedByItself() {
        return endedByItself.get();
    }

    /** How often it ended because of a lack of memory. */
    int outOfMemory() {
        return outOfMemory.get();
    }

    /** The URL of a path of its actuator. */
    public String managementUrl(String path) {
        return "http://127.0.0.1:" + managementPort + path;
    }

    /** The URL of a path of its API. */
    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public synchronized void close() {
        askedToEnd = true;
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
        }
    }
}
