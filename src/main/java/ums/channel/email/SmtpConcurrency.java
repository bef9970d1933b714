package ums.channel.email;

import java.util.concurrent.TimeUnit;

/**
 * How many connections the server lets us use at once: as many as configured until it refuses one beside others, then as
 * many as it took. More are tried after a pause, by half as many again; the pause doubles each time they are refused, so that
 * a fixed limit is asked about ever more rarely. Guarded by {@link SmtpConnections}' lock.
 */
final class SmtpConcurrency {

    static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(5);

    private final int most;
    private int allowed;
    private long pause = FIRST_PAUSE / 2;
    private long growsAt;
    private boolean refused = true;

    /** @param most how many are configured */
    SmtpConcurrency(int most) {
        this.most = most;
        this.allowed = most;
    }

    int allowed() {
        return allowed;
    }

    boolean isReduced() {
        return allowed < most;
    }

    /** Called where more are wanted than allowed. */
    void grow(long now) {
        if (allowed == most || now < growsAt) {
            return;
        }
        if (!refused) {
            pause = Math.max(FIRST_PAUSE, pause / 2);
        }
        refused = false;
        allowed = Math.min(most, allowed + Math.max(1, allowed / 2));
        growsAt = now + pause;
    }

    /**
     * The server refused a connection beside others.
     *
     * @param others how many of ours it has, or is being asked for, without that one
     * @param sure false where it may have been for the message: then no more than half of them go
     * @return how many were allowed before
     */
    int reduce(int others, boolean sure, long now) {
        int before = allowed;
        if (!refused || allowed == most) {
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
        }
        refused = true;
        allowed = Math.max(1, Math.min(allowed, sure ? others : Math.max(others, allowed / 2)));
        growsAt = now + pause;
        return before;
    }

    /** It turned out to be about the message: the connections were not too many. */
    void restore(int before) {
        if (before > allowed) {
            allowed = before;
            pause = Math.max(FIRST_PAUSE / 2, pause / 2);
        }
    }
}
