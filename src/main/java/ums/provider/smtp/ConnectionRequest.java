package ums.provider.smtp;

import org.jspecify.annotations.Nullable;
import ums.channel.email.Email;

/**
 * A thread's request for a connection, from the moment at which it begins to wait. Its fields are guarded by the lock of
 * {@link ConnectionPermits}, but for the state, which the waiting thread reads without it.
 */
final class ConnectionRequest {

    enum State {
        /** In the wait queue. */
        WAITING,
        /** Out of the wait queue: its commands go out behind the body of the message before it. */
        PIPELINED,
        /** It has a permit. */
        ACQUIRED,
        /** It timed out or was interrupted before it had a permit. */
        GIVEN_UP,
        /** Its permit has gone to the next request. */
        PASSED_ON
    }

    final @Nullable Email email;
    final Thread thread = Thread.currentThread();
    volatile State state = State.WAITING;

    /** Whether its message was refused a new connection. */
    boolean refused;

    /** How many connections were allowed before its message was refused any, or 0. */
    int allowedBefore;

    private @Nullable SmtpConnection connection;

    /** @param email the e-mail to send; null for a probe */
    ConnectionRequest(@Nullable Email email) {
        this.email = email;
    }

    /** Sets the connection on which it was pipelined. */
    void setConnection(SmtpConnection pipelinedOn) {
        connection = pipelinedOn;
    }

    /** The connection on which it was pipelined, or null where it has to take or open one. */
    @Nullable SmtpConnection connection() {
        return connection;
    }

    /** The connection on which it was pipelined, for its first transaction only. */
    @Nullable SmtpConnection takeConnection() {
        SmtpConnection pipelinedOn = connection;
        connection = null;
        return pipelinedOn;
    }

    /** Whether its permit has gone to the next request. */
    boolean isPassedOn() {
        return state == State.PASSED_ON;
    }
}
