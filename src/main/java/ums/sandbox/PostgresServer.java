package ums.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Starts and stops the server of a folder, whatever state an earlier one left. */
final class PostgresServer {

    /** How long the child processes of a killed server may take to end. */
    private static final Duration DYING = Duration.ofSeconds(30);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration STOPPING = Duration.ofSeconds(60);

    /** Crash recovery may take minutes; a failed start shows only when the server ends. */
    private static final Duration STARTING = Duration.ofHours(12);

    private final ServerFolder folder;
    private final ServerAccount account;
    private final PostgresPrograms programs;

    PostgresServer(ServerFolder folder, ServerAccount account, PostgresPrograms programs) {
        this.folder = folder;
        this.account = account;
        this.programs = programs;
    }

    /**
     * Starts the server and waits until it accepts connections. A server that a killed UMS left running is stopped
     * first, as its settings and programs may differ.
     *
     * @throws SandboxException if it does not start
     */
    Postmaster start(int port) throws IOException {
        folder.writeSettings(port, account);
        Instant deadline = Instant.now().plus(DYING);
        while (true) {
            stop();
            Postmaster.forgetImpostor(folder.data());
            try {
                control("start", STARTING, "--log=" + folder.log());
                return Postmaster.on(folder.data()).orElseThrow();
            } catch (PostgresFailure e) {
                if (!e.meetsDyingServer() || Instant.now().isAfter(deadline)) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Stops the server if it runs: clients are disconnected, and its data is complete on the disk (fast shutdown). */
    void stop() throws IOException {
        Optional<Postmaster> running = Postmaster.on(folder.data()).filter(Postmaster::isAlive);
        if (running.isEmpty()) {
            return;
        }
        try {
            control("stop", STOPPING, "--mode=fast");
        } catch (PostgresFailure e) {
            if (running.get().isAlive()) {
                // The server hangs. An immediate shutdown loses no data either, but needs crash recovery at the next
                // start.
                control("stop", STOPPING, "--mode=immediate");
            }
        }
    }

    private void control(String action, Duration timeout, String option) throws IOException {
        programs.run(
                "pg_ctl",
                action,
                "--pgdata=" + folder.data(),
                "--wait",
                "--timeout=" + timeout.toSeconds(),
                "--silent",
                option);
    }

    private static void pause() {
        try {
            // No event reports the end of a dying server, so it is polled. The caller is the start, or the watchdog's
            // thread, which a stop interrupts.
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while PostgreSQL started.", "Start UMS again.", e);
        }
    }
}
