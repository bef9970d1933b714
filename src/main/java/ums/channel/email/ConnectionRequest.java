package ums.channel.email;

import org.jspecify.annotations.Nullable;

/**
 * A thread's turn at a connection, from when it begins to wait for it. Its fields belong to {@link SmtpConnections}' lock,
 * but for the state, which the thread that waits may look at.
 */
final class ConnectionRequest {

    enum State {
        /** In the line. */
        WAITS,
        /** Out of the line: its commands go out behind the body of the message before it. */
        BEGUN,
        /** It has a permit. */
        COME,
        /** It has lost patience after it was begun. */
        GIVEN_UP,
        /** Its permit has gone to the next. */
        PASSED_ON
    }

    final @Nullable Email email;
    final Thread thread = Thread.currentThread();
    volatile State state = State.WAITS;

    /** Whether its message was refused a new connection. */
    boolean refused;

    /** How many connections were allowed before its message was refused any, or 0. */
    int allowedBefore;

    private @Nullable SmtpConnection connection;

    /** @param email what is to be sent; null where nothing is */
    ConnectionRequest(@Nullable Email email) {
        this.email = email;
    }

    /** Gives it the connection on which it was begun. */
    void take(SmtpConnection begun) {
        connection = begun;
    }

    /** The connection on which it was begun, or null where it has to look for one. */
    @Nullable SmtpConnection connection() {
        return connection;
    }

    /** The connection on which it was begun, for its first transaction only. */
    @Nullable SmtpConnection use() {
        SmtpConnection begun = connection;
        connection = null;
        return begun;
    }

    /** Whether it has no permit any more. */
    boolean isPassedOn() {
        return state == State.PASSED_ON;
    }
}
