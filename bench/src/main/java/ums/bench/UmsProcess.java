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

/** One UMS, a process of its own with ports and a home of its own. */
public final class UmsProcess implements AutoCloseable {

    private static final Duration CHECKING = Duration.ofSeconds(2);
    /** How the JVM ends where it is told to end when it runs out of memory. */
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
     * @param number what it is called
     * @param java what to tell {@code java}: its options, and -jar with the server
     * @param home the folder it may write to
     * @param settings beside home and ports
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

    /** Gives a setting another value from the next start on; null takes it away. */
    synchronized void change(String name, @Nullable String value) {
        settings.removeIf(it -> it.startsWith(name + "="));
        if (value != null) {
            settings.add(name + "=" + value);
        }
    }

    /** Starts it without waiting. */
    public synchronized void start() throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Without heap it would neither live nor die; dead, it is started again.
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

    /** Waits until it is ready; one that gave up, as its database was away, is started again as a supervisor would. */
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

    /** Starts it, as a supervisor would, where it ended without being asked to; whether it did. */
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

    /** Whether it says so itself. */
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
     * SIGTERM.
     *
     * @return the exit code, or null where it did not end in time
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

    /** Whether it is believed to answer. */
    boolean isUp() {
        Process current = process;
        return ready && current != null && current.isAlive();
    }

    int number() {
        return number;
    }

    /** The process of the operating system. */
    public ProcessHandle handle() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("UMS process " + number + " was not started");
        }
        return current.toHandle();
    }

    /** How often it ended without being asked to. */
    int endedByItself() {
        return endedByItself.get();
    }

    /** How often that was for want of memory. */
    int outOfMemory() {
        return outOfMemory.get();
    }

    /** Where health and meters are. */
    public String managementUrl(String path) {
        return "http://127.0.0.1:" + managementPort + path;
    }

    /** Where it answers. */
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
