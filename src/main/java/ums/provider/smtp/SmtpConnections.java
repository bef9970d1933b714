package ums.provider.smtp;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.channel.email.Email;

/**
 * The pool of connections to the server: as many as there are {@link ConnectionPermits}, used by one attempt at a time, and
 * kept open for the next ({@link KeptConnections}). No attempt opens a connection while another is idle, so open connections
 * never outnumber the permits.
 *
 * <p>The first request of the wait queue may be pipelined: its commands go out behind the body of the message before, and it
 * then gets that connection with its permit. This saves half of the round trips.
 */
final class SmtpConnections implements AutoCloseable {

    /** Well below the five minutes that RFC 5321 section 4.5.3.2.7 asks of servers, and below what most allow. */
    static final Duration MAX_IDLE_TIME = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(SmtpConnections.class);
    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

    private final Duration maxIdleTime;
    private final SmtpWatchdog watchdog;
    private final SmtpConnector connector;
    private final KeptConnections connections = new KeptConnections();
    private final ConnectionPermits permits;
    private final SmtpLimits limits;
    private final String server;

    /** @param trust the certificates that are trusted; null for Java's own list */
    SmtpConnections(SmtpServer server, @Nullable SSLContext trust, Duration maxIdleTime) {
        permits = new ConnectionPermits(new SmtpConcurrency(server.maxConnections()), connections::anyIdle);
        limits = new SmtpLimits(server.toString(), server.maxRecipients());
        this.server = server.toString();
        this.maxIdleTime = maxIdleTime;
        watchdog = SmtpWatchdog.start(server.timeout(), this::doChores);
        connector = new SmtpConnector(server, new SmtpTls(server, trust), watchdog);
    }

    /**
     * Waits for a permit, which the caller {@linkplain #release releases}.
     *
     * @param email the e-mail to send, or null for a probe
     * @return null when no permit was free by {@code attemptEnd}
     */
    @Nullable ConnectionRequest acquire(@Nullable Email email, long attemptEnd) throws InterruptedException {
        return permits.acquire(email, attemptEnd);
    }

    /** See {@link ConnectionPermits#acquireAgain}. */
    @Nullable ConnectionRequest acquireAgain(ConnectionRequest refused, int others, boolean sure, Email email, long attemptEnd)
            throws InterruptedException {
        return permits.acquireAgain(refused, others, sure, email, attemptEnd);
    }

    /** The refusals turned out to be about the message: raises the number of permits again. */
    void restore(ConnectionRequest request) {
        permits.restore(request);
    }

    /** See {@link ConnectionPermits#pipelineNext}. */
    @Nullable ConnectionRequest pipelineNext(Email before, SmtpExtensions offered) {
        return connections.isClosed() ? null : permits.pipelineNext(before, offered, limits.recipientsPerTransaction());
    }

    /** Releases the permit, unless it went to the next request with the connection. */
    void release(ConnectionRequest request) {
        permits.release(request);
    }

    /** An idle connection, or null where there is none. The caller needs a permit. */
    @Nullable SmtpConnection takeIdle() {
        return connections.takeIdle();
    }

    /** Opens a new connection. The caller needs a permit, and no connection may be idle. */
    SmtpConnection open(long attemptEnd) throws SmtpFault {
        if (!connections.beginOpening()) {
            throw new SmtpFault(SmtpReplies.lost(SmtpPhase.CONNECT, "shut down"));
        }
        SmtpConnection connection = null;
        try {
            connection = connector.open(attemptEnd);
            return connection;
        } finally {
            connections.endOpening(connection);
        }
    }

    /**
     * How many connections this process has to the server.
     *
     * @param opening whether to count those that the server has not accepted yet
     */
    int count(boolean opening) {
        return connections.count(opening);
    }

    /** How many connections may be open at once now. */
    int allowed() {
        return permits.allowed();
    }

    /** The limits that the server was found to have. */
    SmtpLimits limits() {
        return limits;
    }

    private void close(SmtpConnection connection) {
        connection.close();
        connections.forget(connection);
    }

    private void quit(SmtpConnection connection) {
        connection.quit();
        connections.forget(connection);
    }

    /**
     * Opens a new connection without a message and keeps it for the next one. An idle connection proves nothing about new
     * ones, and is closed first.
     *
     * @param end the instant at which the probe is given up
     */
    void probe(long end) throws SmtpFault, InterruptedException {
        ConnectionRequest request = acquire(null, end);
        if (request == null) {
            throw new SmtpFault(SmtpReplies.timedOut(SmtpPhase.CONNECT, "all connections are in use"));
        }
        try {
            SmtpConnection idle = takeIdle();
            if (idle != null) {
                quit(idle);
            }
            giveBack(open(end), request);
        } finally {
            release(request);
        }
    }

    /**
     * Passes a connection on to the request that was pipelined on it, else keeps it if it can be used again. Called before the
     * permit is released.
     */
    void giveBack(SmtpConnection connection, ConnectionRequest request) {
        ConnectionRequest next = connection.next();
        boolean usable = connection.endUse();
        if (!usable) {
            // Before the permit moves on: the next request may open another connection, and there must not be one too
            // many.
            close(connection);
        }
        if (next != null && permits.passOn(request, next, usable ? connection : null)) {
            return;
        }
        boolean keep = usable && next == null;
        if (keep && connection.messages() < limits.messagesPerConnection() && connections.keep(connection)) {
            return;
        }
        if (keep) {
            quit(connection);
        } else {
            close(connection);
        }
    }

    private void doChores() {
        closeOldIdle();
        int reduced = permits.growAndReport(REPORT_INTERVAL);
        if (reduced > 0) {
            log.info("The SMTP server {} refuses more than {} connections at once", server, reduced);
        }
    }

    /** Sends QUIT on connections that were idle for too long. This needs a permit too, or there would be too many. */
    private void closeOldIdle() {
        long instant = SmtpDeadline.now() - maxIdleTime.toNanos();
        while (permits.tryAcquire()) {
            SmtpConnection old = connections.takeIdleSinceBefore(instant);
            if (old == null) {
                permits.release();
                return;
            }
            Thread.ofVirtual().name("smtp-quit").start(() -> {
                try {
                    quit(old);
                } finally {
                    permits.release();
                }
            });
        }
    }

    /** Whether the thread that keeps the deadlines is gone. */
    boolean isUnwatched() {
        return watchdog.isGone();
    }

    /** Sends QUIT on idle connections; those in use are closed when they are given back. */
    @Override
    public void close() {
        List<SmtpConnection> idle = connections.close();
        List<Thread> quits = idle.stream()
                .map(connection -> Thread.ofVirtual().name("smtp-quit").start(() -> quit(connection)))
                .toList();
        long end = SmtpDeadline.after(SmtpConnection.QUIT_TIMEOUT);
        try {
            for (Thread quit : quits) {
                quit.join(Duration.ofNanos(Math.max(1, end - SmtpDeadline.now())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            idle.forEach(this::close);
            watchdog.stop();
        }
    }
}
