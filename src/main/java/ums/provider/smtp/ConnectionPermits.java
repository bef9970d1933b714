package ums.provider.smtp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import ums.channel.email.Email;

/**
 * The permits for connections to the server, and the wait queue of the {@link ConnectionRequest}s that found none free. Where
 * the server refuses a connection beside others, there are fewer permits for a while ({@link SmtpConcurrency}), and the
 * refused message waits for one of the others. Safe for several threads.
 */
final class ConnectionPermits {

    private final Object lock = new Object();
    private final Deque<ConnectionRequest> waiting = new ArrayDeque<>();
    private final SmtpConcurrency concurrency;
    private final BooleanSupplier anyIdle;
    private int inUse;
    private boolean reductionToReport;
    private long nextReport;

    /** @param anyIdle whether an open connection is idle; called under this object's lock, must not block */
    ConnectionPermits(SmtpConcurrency concurrency, BooleanSupplier anyIdle) {
        this.concurrency = concurrency;
        this.anyIdle = anyIdle;
    }

    /**
     * Waits for a permit, which the caller {@linkplain #release(ConnectionRequest) releases}.
     *
     * @param email the e-mail to send, or null for a probe
     * @return null when no permit was free by {@code attemptEnd}
     */
    @Nullable ConnectionRequest acquire(@Nullable Email email, long attemptEnd) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ConnectionRequest request = new ConnectionRequest(email);
        synchronized (lock) {
            if (waiting.isEmpty() && isFree()) {
                inUse++;
                request.state = ConnectionRequest.State.ACQUIRED;
                return request;
            }
            waiting.addLast(request);
            admit();
        }
        return await(request, attemptEnd);
    }

    /**
     * Releases the permit and waits for another one, at the head of the wait queue: the server refused the connection beside
     * others, and there are fewer permits from now on.
     *
     * @param others how many connections of this process the server has, or is being asked for, without the refused one
     * @param sure false where the server may have refused the message instead
     * @return null when no permit was free by {@code attemptEnd}
     */
    @Nullable ConnectionRequest acquireAgain(ConnectionRequest refused, int others, boolean sure, Email email, long attemptEnd)
            throws InterruptedException {
        ConnectionRequest request = new ConnectionRequest(email);
        request.refused = true;
        synchronized (lock) {
            request.allowedBefore =
                    Math.max(refused.allowedBefore, concurrency.reduce(others, sure, SmtpDeadline.now()));
            reductionToReport = true;
            waiting.addFirst(request);
            release(refused);
        }
        return await(request, attemptEnd);
    }

    /** The refusals turned out to be about the message: raises the number of permits again. */
    void restore(ConnectionRequest request) {
        synchronized (lock) {
            concurrency.restore(request.allowedBefore);
            admit();
        }
    }

    private @Nullable ConnectionRequest await(ConnectionRequest request, long attemptEnd) throws InterruptedException {
        while (request.state != ConnectionRequest.State.ACQUIRED) {
            long left = attemptEnd - SmtpDeadline.now();
            boolean interrupted = Thread.interrupted();
            if ((left <= 0 || interrupted) && giveUp(request)) {
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
        return request;
    }

    /** False where the permit was acquired meanwhile. */
    private boolean giveUp(ConnectionRequest request) {
        synchronized (lock) {
            if (request.state == ConnectionRequest.State.ACQUIRED) {
                return false;
            }
            waiting.remove(request);
            request.state = ConnectionRequest.State.GIVEN_UP;
            return true;
        }
    }

    /**
     * Removes the first request from the wait queue, so that its commands are pipelined behind the body of the message before.
     * Only within one recipient domain: a server may stall on a message because of its destination, and would keep the
     * pipelined one waiting too.
     *
     * @param maxRecipients how many recipients it may have, as all of them are named at once
     * @return null where no request waits, or the first cannot be pipelined there
     */
    @Nullable ConnectionRequest pipelineNext(Email before, SmtpExtensions offered, int maxRecipients) {
        synchronized (lock) {
            ConnectionRequest first = waiting.peekFirst();
            if (first == null
                    || first.email == null
                    || first.email.recipients().size() > maxRecipients
                    || offered.lackedBy(first.email) != null
                    || !first.email.domain().equals(before.domain())) {
                return null;
            }
            waiting.removeFirst();
            first.state = ConnectionRequest.State.PIPELINED;
            return first;
        }
    }

    /**
     * Passes a permit on to the request that was pipelined on the same connection.
     *
     * @param connection the connection, or null where it cannot be used again
     * @return false where the next request has given up; the permit stays where it is then
     */
    boolean passOn(ConnectionRequest from, ConnectionRequest next, @Nullable SmtpConnection connection) {
        synchronized (lock) {
            if (next.state != ConnectionRequest.State.PIPELINED) {
                return false;
            }
            if (connection != null) {
                next.setConnection(connection);
            }
            from.state = ConnectionRequest.State.PASSED_ON;
            grant(next);
            return true;
        }
    }

    /** Releases the permit, unless it was {@linkplain #passOn passed on}. */
    void release(ConnectionRequest request) {
        synchronized (lock) {
            if (request.state != ConnectionRequest.State.PASSED_ON) {
                release();
            }
        }
    }

    /** Takes a permit if one is free, past the wait queue; never waits. */
    boolean tryAcquire() {
        synchronized (lock) {
            if (inUse >= concurrency.allowed()) {
                return false;
            }
            inUse++;
            return true;
        }
    }

    /** Releases a permit of {@link #tryAcquire}. */
    void release() {
        synchronized (lock) {
            inUse--;
            admit();
        }
    }

    /**
     * Hands out permits that were added since: where no message ends, nothing else would notice that more are allowed by now.
     *
     * @param interval how often a reduction is reported at most
     * @return how many connections the server allows, where a reduction is to be reported; else 0
     */
    int growAndReport(Duration interval) {
        synchronized (lock) {
            admit();
            if (!reductionToReport || SmtpDeadline.now() < nextReport) {
                return 0;
            }
            reductionToReport = false;
            nextReport = SmtpDeadline.after(interval);
            return concurrency.allowed();
        }
    }

    /** How many permits there are now. */
    int allowed() {
        synchronized (lock) {
            return concurrency.allowed();
        }
    }

    private void admit() {
        while (!waiting.isEmpty() && isFree()) {
            ConnectionRequest next = next();
            if (next == null) {
                return;
            }
            inUse++;
            waiting.remove(next);
            grant(next);
        }
    }

    /** A request that was refused a new connection waits until one is idle, or none is in use. */
    private @Nullable ConnectionRequest next() {
        boolean anyKept = anyIdle.getAsBoolean() || inUse == 0;
        for (ConnectionRequest each : waiting) {
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

    private static void grant(ConnectionRequest request) {
        request.state = ConnectionRequest.State.ACQUIRED;
        LockSupport.unpark(request.thread);
    }
}
