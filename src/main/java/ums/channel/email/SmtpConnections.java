package ums.channel.email;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the server: as many as there are permits, used one attempt at a time, and kept for the next. The
 * one used last is taken first, so that those too many get old and leave. As nobody opens one while another rests, open
 * ones never outnumber the permits.
 *
 * <p>Who finds no permit waits in a line. The first of it may be begun on a connection that is about to end the message
 * before: it then gets that connection with its permit, and half the round trips are saved.
 */
final class SmtpConnections implements AutoCloseable {

    /** Well below the five minutes that RFC 5321 section 4.5.3.2.7 asks of servers, and below what most allow. */
    static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Duration longestRest;
    private final SmtpWatchdog watchdog;
    private final SmtpConnector connector;
    private final Object lock = new Object();
    private final Deque<SmtpConnection> resting = new ArrayDeque<>();
    private final Deque<SmtpTurn> line = new ArrayDeque<>();
    private int permits;
    private boolean closed;

    /** @param trust whose certificates are believed; null for Java's own list */
    SmtpConnections(SmtpServer server, @Nullable SSLContext trust, Duration longestRest) {
        permits = server.maxConnections();
        this.longestRest = longestRest;
        watchdog = SmtpWatchdog.start(server.timeout(), this::dismissOld);
        connector = new SmtpConnector(server, new SmtpTls(server, trust), watchdog);
    }

    /**
     * Waits for a permit, to be {@linkplain #leave given back}.
     *
     * @param email what is to be sent, or null
     * @return null when there was none by then
     */
    @Nullable SmtpTurn enter(@Nullable Email email, long attemptEnd) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        SmtpTurn turn = new SmtpTurn(email);
        synchronized (lock) {
            if (permits > 0) {
                permits--;
                turn.state = SmtpTurn.State.COME;
                return turn;
            }
            line.addLast(turn);
        }
        while (turn.state != SmtpTurn.State.COME) {
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

    private boolean isGivenUp(SmtpTurn turn) {
        synchronized (lock) {
            if (turn.state == SmtpTurn.State.COME) {
                return false;
            }
            line.remove(turn);
            turn.state = SmtpTurn.State.GIVEN_UP;
            return true;
        }
    }

    /**
     * Takes the first of the line out of it, to be begun behind the body of the message before. None of another domain: the
     * server may hang over a message for the sake of where it goes, and would keep the next one waiting too.
     *
     * @return null where nobody waits, or the first cannot be begun there
     */
    @Nullable SmtpTurn begin(Email before, SmtpExtensions offered) {
        synchronized (lock) {
            SmtpTurn first = line.peekFirst();
            if (first == null
                    || closed
                    || first.email == null
                    || offered.lackedBy(first.email) != null
                    || !first.email.domain().equals(before.domain())) {
                return null;
            }
            line.removeFirst();
            first.state = SmtpTurn.State.BEGUN;
            return first;
        }
    }

    /** Gives the permit back, unless it went to the next with the connection. */
    void leave(SmtpTurn turn) {
        synchronized (lock) {
            if (turn.state != SmtpTurn.State.PASSED_ON) {
                release();
            }
        }
    }

    private void release() {
        SmtpTurn first = line.pollFirst();
        if (first == null) {
            permits++;
        } else {
            come(first);
        }
    }

    private static void come(SmtpTurn turn) {
        turn.state = SmtpTurn.State.COME;
        LockSupport.unpark(turn.thread);
    }

    private boolean tryEnter() {
        synchronized (lock) {
            if (permits == 0) {
                return false;
            }
            permits--;
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
        SmtpTurn turn = enter(null, end);
        if (turn == null) {
            throw new SmtpFault(SmtpReplies.timedOut(SmtpPhase.CONNECT, "all connections are in use"));
        }
        try {
            SmtpConnection kept = takeKept();
            if (kept != null) {
                kept.quit();
            }
            giveBack(open(end), turn);
        } finally {
            leave(turn);
        }
    }

    /** Passes a connection on to who was begun on it, else keeps it if it can be used again. Before the permit is given back. */
    void giveBack(SmtpConnection connection, SmtpTurn turn) {
        SmtpTurn next = connection.next();
        boolean usable = connection.rest();
        if (!usable) {
            // First of all: who comes next may open another, and there must not be one too many.
            connection.close();
        }
        synchronized (lock) {
            if (next != null && next.state == SmtpTurn.State.BEGUN) {
                if (usable) {
                    next.take(connection);
                }
                turn.state = SmtpTurn.State.PASSED_ON;
                come(next);
                return;
            }
            if (usable && next == null && !closed) {
                resting.addFirst(connection);
                return;
            }
        }
        connection.close();
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
                    old.quit();
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
