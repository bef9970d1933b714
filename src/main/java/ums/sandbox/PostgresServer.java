package ums.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Starts and stops the server of a folder, whatever an earlier one left behind. */
final class PostgresServer {

    /** How long a killed server's last processes may take to notice and end. */
    private static final Duration DYING = Duration.ofSeconds(30);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration STOPPING = Duration.ofSeconds(60);

    /** Repairing itself after a crash may take a server minutes; only its end says that it failed. */
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
     * Starts the server and waits until it takes connections. One that is still running, as its UMS was killed, is
     * stopped first: it may have other settings and other programs than this UMS would give it.
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

    /** Stops the server if one runs: its clients are cut off, its data is complete on the disk. */
    void stop() throws IOException {
        Optional<Postmaster> running = Postmaster.on(folder.data()).filter(Postmaster::isAlive);
        if (running.isEmpty()) {
            return;
        }
        try {
            control("stop", STOPPING, "--mode=fast");
        } catch (PostgresFailure e) {
            if (running.get().isAlive()) {
                // It hangs. Stopped so, it loses nothing either, but repairs itself at the next start.
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
            // A dying server's end is told by nobody. The start waits for it, or the watchdog's thread, which a stop
            // interrupts.
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while PostgreSQL started.", "Start UMS again.", e);
        }
    }
}
