package ums.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restarts the embedded PostgreSQL when it dies while UMS runs, for instance from a lack of memory or by a kill. */
final class Watchdog {

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    /** The server is not a child of this process, so it is polled; a poll costs some microseconds. */
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(250);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A server that ran at least this long is restarted without a pause. */
    private static final Duration WELL = Duration.ofMinutes(1);

    private final PostgresServer server;
    private final int port;
    private final Thread thread;
    private Postmaster postmaster;
    private Instant started = Instant.now();
    private Duration pause = Duration.ZERO;

    Watchdog(PostgresServer server, Postmaster postmaster, int port) {
        this.server = server;
        this.postmaster = postmaster;
        this.port = port;
        this.thread = Thread.ofVirtual().name("postgres-watchdog").unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    /** Stops watching, and returns when a restart that may be under way was interrupted. */
    void stop() {
        thread.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@link #stop} interrupts the pauses. */
    private void watch() {
        try {
            while (true) {
                // pg_ctl starts the server, so it is no child of this process, and its end has to be looked up.
                Thread.sleep(BETWEEN_CHECKS);
                if (!postmaster.isAlive()) {
                    log.warn("The embedded PostgreSQL (process {}) died; starting it again", postmaster.pid());
                    revive();
                }
            }
        } catch (InterruptedException e) {
            // UMS stops.
        }
    }

    private void revive() throws InterruptedException {
        if (started.plus(WELL).isBefore(Instant.now())) {
            pause = Duration.ZERO;
        }
        do {
            // The pause grows each time: a server that dies at once would else be restarted in a tight loop.
            Thread.sleep(pause);
            pause = longer(pause);
        } while (!restarted());
        started = Instant.now();
    }

    private boolean restarted() throws InterruptedException {
        try {
            postmaster = server.start(port);
            log.warn("The embedded PostgreSQL runs again (process {})", postmaster.pid());
            return true;
        } catch (IOException | RuntimeException | Error e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            log.warn("The next try is in {} s, as this one failed: {}", pause.toSeconds(), e.getMessage());
            return false;
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.isZero() ? SHORTEST_PAUSE : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
