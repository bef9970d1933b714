package ums.channel.email;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the server: as many as there are permits, used one attempt at a time, and kept for the next. The
 * one used last is taken first, so that those too many get old and leave. As nobody opens one while another rests, open
 * ones never outnumber the permits; where the server refuses one beside others, there are fewer permits for a while
 * ({@link SmtpConcurrency}), and its message waits for one of the others.
 *
 * <p>Who finds no permit waits in a line. The first of it may be begun on a connection that is about to end the message
 * before: it then gets that connection with its permit, and half the round trips are saved.
 */
final class SmtpConnections implements AutoCloseable {

    /** Well below the five minutes that RFC 5321 section 4.5.3.2.7 asks of servers, and below what most allow. */
    static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(SmtpConnections.class);
    private static final Duration TOLD_AT_MOST_EVERY = Duration.ofMinutes(1);

    private final Duration longestRest;
    private final SmtpWatchdog watchdog;
    private final SmtpConnector connector;
    private final Object lock = new Object();
    private final Deque<SmtpConnection> resting = new ArrayDeque<>();
    private final Deque<ConnectionRequest> line = new ArrayDeque<>();
    private final Set<SmtpConnection> open = new HashSet<>();
    private final SmtpConcurrency concurrency;
    private final SmtpLimits limits;
    private final String server;
    private int inUse;
    private int opening;
    private boolean reductionToTell;
    private long nextTelling;
    private boolean closed;

    /** @param trust whose certificates are believed; null for Java's own list */
    SmtpConnections(SmtpServer server, @Nullable SSLContext trust, Duration longestRest) {
        concurrency = new SmtpConcurrency(server.maxConnections());
        limits = new SmtpLimits(server.toString());
        this.server = server.toString();
        this.longestRest = longestRest;
        watchdog = SmtpWatchdog.start(server.timeout(), this::doChores);
        connector = new SmtpConnector(server, new SmtpTls(server, trust), watchdog);
    }

    /**
     * Waits for a permit, to be {@linkplain #leave given back}.
     *
     * @param email what is to be sent, or null
     * @return null when there was none by then
     */
    @Nullable ConnectionRequest enter(@Nullable Email email, long attemptEnd) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ConnectionRequest turn = new ConnectionRequest(email);
        synchronized (lock) {
            if (line.isEmpty() && isFree()) {
                inUse++;
                turn.state = ConnectionRequest.State.COME;
                return turn;
            }
            line.addLast(turn);
            admit();
        }
        return await(turn, attemptEnd);
    }

    /**
     * Gives the permit back and waits for one of the others, before all who came later: the server refused the connection
     * beside them, and there are fewer permits from now on.
     *
     * @param others how many of ours it has, or is being asked for, without that one
     * @param sure false where it may have been for the message
     * @return null when there was none by then
     */
    @Nullable ConnectionRequest enterAgain(ConnectionRequest refused, int others, boolean sure, Email email, long attemptEnd)
            throws InterruptedException {
        ConnectionRequest turn = new ConnectionRequest(email);
        turn.refused = true;
        synchronized (lock) {
            turn.allowedBefore = Math.max(refused.allowedBefore, concurrency.reduce(others, sure, SmtpDeadline.now()));
            reductionToTell = true;
            line.addFirst(turn);
            leave(refused);
        }
        return await(turn, attemptEnd);
    }

    /** The refusals turned out to be about the message. */
    void restore(ConnectionRequest turn) {
        synchronized (lock) {
            concurrency.restore(turn.allowedBefore);
            admit();
        }
    }

    private @Nullable ConnectionRequest await(ConnectionRequest turn, long attemptEnd) throws InterruptedException {
        while (turn.state != ConnectionRequest.State.COME) {
            long left = attemptEnd - SmtpDeadline.now();
            boolean interrupted = Thread.interrupted();
            if ((left <= 0 || interrupted) && isGivenUp(turn)) {
                if (interrupted) {
                    throw new InterruptedException();
                }
                return null;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        return turn;
    }

    private boolean isGivenUp(ConnectionRequest turn) {
        synchronized (lock) {
            if (turn.state == ConnectionRequest.State.COME) {
                return false;
            }
            line.remove(turn);
            turn.state = ConnectionRequest.State.GIVEN_UP;
            return true;
        }
    }

    /**
     * Takes the first of the line out of it, to be begun behind the body of the message before. None of another domain: the
     * server may hang over a message for the sake of where it goes, and would keep the next one waiting too.
     *
     * @return null where nobody waits, or the first cannot be begun there
     */
    @Nullable ConnectionRequest begin(Email before, SmtpExtensions offered) {
        synchronized (lock) {
            ConnectionRequest first = line.peekFirst();
            if (first == null
                    || closed
                    || first.email == null
                    || offered.lackedBy(first.email) != null
                    || !first.email.domain().equals(before.domain())) {
                return null;
            }
            line.removeFirst();
            first.state = ConnectionRequest.State.BEGUN;
            return first;
        }
    }

    /** Gives the permit back, unless it went to the next with the connection. */
    void leave(ConnectionRequest turn) {
        synchronized (lock) {
            if (turn.state != ConnectionRequest.State.PASSED_ON) {
                release();
            }
        }
    }

    private void release() {
        inUse--;
        admit();
    }

    private void admit() {
        while (!line.isEmpty() && isFree()) {
            ConnectionRequest next = next();
            if (next == null) {
                return;
            }
            inUse++;
            line.remove(next);
            come(next);
        }
    }

    /** Who was refused a new connection waits until there is one that others have used, or nobody has any. */
    private @Nullable ConnectionRequest next() {
        boolean anyKept = !resting.isEmpty() || inUse == 0;
        for (ConnectionRequest each : line) {
            if (anyKept || !each.refused) {
                return each;
            }
        }
        return null;
    }

    private boolean isFree() {
        if (inUse < concurrency.allowed()) {
            return true;
        }
        if (concurrency.isReduced()) {
            concurrency.grow(SmtpDeadline.now());
        }
        return inUse < concurrency.allowed();
    }

    private static void come(ConnectionRequest turn) {
        turn.state = ConnectionRequest.State.COME;
        LockSupport.unpark(turn.thread);
    }

    private boolean tryEnter() {
        synchronized (lock) {
            if (inUse >= concurrency.allowed()) {
                return false;
            }
            inUse++;
            return true;
        }
    }

    /** A kept connection, or null where there is none. Needs a permit. */
    @Nullable SmtpConnection takeKept() {
        synchronized (lock) {
            return resting.pollFirst();
        }
    }

    /** A new connection. Needs a permit, and no kept connection resting. */
    SmtpConnection open(long attemptEnd) throws SmtpFault {
        synchronized (lock) {
            if (closed) {
                throw new SmtpFault(SmtpReplies.lost(SmtpPhase.CONNECT, "shut down"));
            }
            opening++;
        }
        SmtpConnection connection = null;
        try {
            connection = connector.open(attemptEnd);
            return connection;
        } finally {
            synchronized (lock) {
                opening--;
                if (connection != null) {
                    open.add(connection);
                }
            }
        }
    }

    /**
     * How many connections the server has of us.
     *
     * @param opening whether to count those that it has not taken yet
     */
    int count(boolean opening) {
        synchronized (lock) {
            return open.size() + (opening ? this.opening : 0);
        }
    }

    /** What the server was found to take. */
    SmtpLimits limits() {
        return limits;
    }

    private void forget(SmtpConnection connection) {
        synchronized (lock) {
            open.remove(connection);
        }
    }

    private void close(SmtpConnection connection) {
        connection.close();
        forget(connection);
    }

    private void quit(SmtpConnection connection) {
        connection.quit();
        forget(connection);
    }

    /**
     * Opens a new connection without a message and keeps it for the next: a kept one says nothing about new ones, and makes
     * way for it.
     *
     * @param end the instant at which it is given up
     */
    void probe(long end) throws SmtpFault, InterruptedException {
        ConnectionRequest turn = enter(null, end);
        if (turn == null) {
            throw new SmtpFault(SmtpReplies.timedOut(SmtpPhase.CONNECT, "all connections are in use"));
        }
        try {
            SmtpConnection kept = takeKept();
            if (kept != null) {
                quit(kept);
            }
            giveBack(open(end), turn);
        } finally {
            leave(turn);
        }
    }

    /** Passes a connection on to who was begun on it, else keeps it if it can be used again. Before the permit is given back. */
    void giveBack(SmtpConnection connection, ConnectionRequest turn) {
        ConnectionRequest next = connection.next();
        boolean usable = connection.rest();
        if (!usable) {
            // First of all: who comes next may open another, and there must not be one too many.
            close(connection);
        }
        synchronized (lock) {
            if (next != null && next.state == ConnectionRequest.State.BEGUN) {
                if (usable) {
                    next.take(connection);
                }
                turn.state = ConnectionRequest.State.PASSED_ON;
                come(next);
                return;
            }
            if (usable && next == null && !closed && connection.messages() < limits.messagesPerConnection()) {
                resting.addFirst(connection);
                return;
            }
        }
        if (usable && next == null) {
            quit(connection);
        } else {
            close(connection);
        }
    }

    private void doChores() {
        dismissOld();
        synchronized (lock) {
            // Where no message ends, nobody else would notice that more are allowed by now.
            admit();
            if (!reductionToTell || SmtpDeadline.now() < nextTelling) {
                return;
            }
            reductionToTell = false;
            nextTelling = SmtpDeadline.after(TOLD_AT_MOST_EVERY);
        }
        log.info("The SMTP server {} refuses more than {} connections at once", server, concurrency.allowed());
    }

    /** Says goodbye to connections that have rested too long. A goodbye needs a permit too, or there were too many. */
    private void dismissOld() {
        long instant = SmtpDeadline.now() - longestRest.toNanos();
        while (tryEnter()) {
            SmtpConnection old = takeOlderThan(instant);
            if (old == null) {
                exit();
                return;
            }
            Thread.ofVirtual().name("smtp-quit").start(() -> {
                try {
                    quit(old);
                } finally {
                    exit();
                }
            });
        }
    }

    private void exit() {
        synchronized (lock) {
            release();
        }
    }

    private @Nullable SmtpConnection takeOlderThan(long instant) {
        synchronized (lock) {
            SmtpConnection oldest = resting.peekLast();
            return oldest != null && oldest.restingSince() < instant ? resting.pollLast() : null;
        }
    }

    /** Whether the thread that keeps the deadlines is gone. */
    boolean isUnwatched() {
        return watchdog.isGone();
    }

    /** Says goodbye to those that rest; those in use are closed when they are given back. */
    @Override
    public void close() {
        List<SmtpConnection> leaving;
        synchronized (lock) {
            closed = true;
            leaving = new ArrayList<>(resting);
            resting.clear();
        }
        List<Thread> goodbyes = leaving.stream()
                .map(connection -> Thread.ofVirtual().name("smtp-quit").start(() -> quit(connection)))
                .toList();
        long end = SmtpDeadline.after(SmtpConnection.LONGEST_GOODBYE);
        try {
            for (Thread goodbye : goodbyes) {
                goodbye.join(Duration.ofNanos(Math.max(1, end - SmtpDeadline.now())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            leaving.forEach(this::close);
            watchdog.stop();
        }
    }
}
