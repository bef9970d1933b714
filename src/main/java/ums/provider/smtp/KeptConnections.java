package ums.provider.smtp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are open, and those of them that are idle. The connection used last is taken first, so that surplus
 * ones grow old and are closed. Safe for several threads; {@link ConnectionPermits} calls it under its own lock, and it calls
 * nothing back.
 */
final class KeptConnections {

    private final Deque<SmtpConnection> idle = new ArrayDeque<>();
    private final Set<SmtpConnection> open = new HashSet<>();
    private int opening;
    private boolean closed;

    synchronized boolean anyIdle() {
        return !idle.isEmpty();
    }

    /** The connection used last, or null where none is idle. */
    synchronized @Nullable SmtpConnection takeIdle() {
        return idle.pollFirst();
    }

    /** The connection idle for longest, or null where none has been idle since before an instant. */
    synchronized @Nullable SmtpConnection takeIdleSinceBefore(long instant) {
        SmtpConnection oldest = idle.peekLast();
        return oldest != null && oldest.idleSince() < instant ? idle.pollLast() : null;
    }

    /** Keeps a connection for the next attempt; false after {@link #close}. */
    synchronized boolean keep(SmtpConnection connection) {
        if (!closed) {
            idle.addFirst(connection);
        }
        return !closed;
    }

    /** Counts a connection that is about to be opened; false after {@link #close}. */
    synchronized boolean beginOpening() {
        if (!closed) {
            opening++;
        }
        return !closed;
    }

    /** @param opened the new connection, or null where it could not be opened */
    synchronized void endOpening(@Nullable SmtpConnection opened) {
        opening--;
        if (opened != null) {
            open.add(opened);
        }
    }

    synchronized void forget(SmtpConnection connection) {
        open.remove(connection);
    }

    /** @param withOpening whether to count connections that are still being opened */
    synchronized int count(boolean withOpening) {
        return open.size() + (withOpening ? opening : 0);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Keeps and opens no more; returns the idle connections, for the caller to close. */
    synchronized List<SmtpConnection> close() {
        closed = true;
        List<SmtpConnection> left = new ArrayList<>(idle);
        idle.clear();
        return left;
    }
}
