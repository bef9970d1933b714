package ums.provider.smtp;

import java.util.concurrent.TimeUnit;

/**
 * How many connections the server allows at once: as many as configured until it refuses one beside others, then as
 * many as it took. After a pause it tries half as many again. The pause doubles with each refusal, so that a fixed
 * limit is probed ever more rarely. Guarded by the lock of {@link ConnectionPermits}.
 */
final class SmtpConcurrency {

    static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    static final long MAX_PAUSE = TimeUnit.MINUTES.toNanos(5);

    private final int most;
    private int allowed;
    private long pause = FIRST_PAUSE / 2;
    private long growsAt;
    private boolean refused = true;

    /** @param most the configured maximum */
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

    /** Called where more connections are wanted than allowed. */
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
     * Lowers the number after the server refused a connection beside others.
     *
     * @param others how many connections of this process the server has, or is being asked for, without the refused one
     * @param sure false where the server may have refused the message instead: then the number is halved at most
     * @return how many were allowed before
     */
    int reduce(int others, boolean sure, long now) {
        int before = allowed;
        if (!refused || allowed == most) {
            pause = Math.min(MAX_PAUSE, 2 * pause);
        }
        refused = true;
        allowed = Math.max(1, Math.min(allowed, sure ? others : Math.max(others, allowed / 2)));
        growsAt = now + pause;
        return before;
    }

    /** The refusal turned out to be about the message: raises the number again. */
    void restore(int before) {
        if (before > allowed) {
            allowed = before;
            pause = Math.max(FIRST_PAUSE / 2, pause / 2);
        }
    }
}
