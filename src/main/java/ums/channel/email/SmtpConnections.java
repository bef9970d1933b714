package ums.channel.email;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the server: as many as there are permits, used one attempt at a time, and kept for the next. The
 * one used last is taken first, so that those too many get old and leave. As nobody opens one while another rests, open
 * ones never outnumber the permits.
 */
final class SmtpConnections implements AutoCloseable {

    /** Well below the five minutes that RFC 5321 section 4.5.3.2.7 asks of servers, and below what most allow. */
    static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Semaphore permits;
    private final Duration longestRest;
    private final SmtpWatchdog watchdog;
    private final SmtpConnector connector;
    private final Deque<SmtpConnection> resting = new ArrayDeque<>();
    private boolean closed;

    /** @param trust whose certificates are believed; null for Java's own list */
    SmtpConnections(SmtpServer server, @Nullable SSLContext trust, Duration longestRest) {
        permits = new Semaphore(server.maxConnections());
        this.longestRest = longestRest;
        watchdog = SmtpWatchdog.start(server.timeout(), this::dismissOld);
        connector = new SmtpConnector(server, new SmtpTls(server, trust), watchdog);
    }

    /** Takes a permit, to be {@linkplain #leave given back}; false when there was none by then. */
    boolean enter(long attemptEnd) throws InterruptedException {
        return permits.tryAcquire(attemptEnd - SmtpDeadline.now(), TimeUnit.NANOSECONDS);
    }

    void leave() {
        permits.release();
    }

    /** A kept connection, or null where there is none. Needs a permit. */
    @Nullable SmtpConnection takeKept() {
        synchronized (resting) {
            return resting.pollFirst();
        }
    }

    /** A new connection. Needs a permit, and no kept connection resting. */
    SmtpConnection open(long attemptEnd) throws SmtpFault {
        synchronized (resting) {
            if (closed) {
                throw new SmtpFault(SmtpReplies.lost(SmtpPhase.CONNECT, "shut down"));
            }
        }
        return connector.open(attemptEnd);
    }

    /**
     * Opens a new connection without a message and keeps it for the next: a kept one says nothing about new ones, and makes
     * way for it.
     *
     * @param end the instant at which it is given up
     */
    void probe(long end) throws SmtpFault, InterruptedException {
        if (!enter(end)) {
            throw new SmtpFault(SmtpReplies.timedOut(SmtpPhase.CONNECT, "all connections are in use"));
        }
        try {
            SmtpConnection kept = takeKept();
            if (kept != null) {
                kept.quit();
            }
            giveBack(open(end));
        } finally {
            leave();
        }
    }

    /** Keeps a connection if it can be used again. Before the permit is given back. */
    void giveBack(SmtpConnection connection) {
        if (connection.rest()) {
            synchronized (resting) {
                if (!closed) {
                    resting.addFirst(connection);
                    return;
                }
            }
        }
        connection.close();
    }

    /** Says goodbye to connections that have rested too long. A goodbye needs a permit too, or there were too many. */
    private void dismissOld() {
        long instant = SmtpDeadline.now() - longestRest.toNanos();
        while (permits.tryAcquire()) {
            SmtpConnection old = takeOlderThan(instant);
            if (old == null) {
                permits.release();
                return;
            }
            Thread.ofVirtual().name("smtp-quit").start(() -> {
                try {
                    old.quit();
                } finally {
                    permits.release();
                }
            });
        }
    }

    private @Nullable SmtpConnection takeOlderThan(long instant) {
        synchronized (resting) {
            SmtpConnection oldest = resting.peekLast();
            return oldest != null && oldest.restingSince() < instant ? resting.pollLast() : null;
        }
    }

    /** Says goodbye to those that rest; those in use are closed when they are given back. */
    @Override
    public void close() {
        List<SmtpConnection> leaving;
        synchronized (resting) {
            closed = true;
            leaving = new ArrayList<>(resting);
            resting.clear();
        }
        List<Thread> goodbyes = leaving.stream()
                .map(connection -> Thread.ofVirtual().name("smtp-quit").start(connection::quit))
                .toList();
        long end = SmtpDeadline.after(SmtpConnection.LONGEST_GOODBYE);
        try {
            for (Thread goodbye : goodbyes) {
                goodbye.join(Duration.ofNanos(Math.max(1, end - SmtpDeadline.now())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            leaving.forEach(SmtpConnection::close);
            watchdog.stop();
        }
    }
}
