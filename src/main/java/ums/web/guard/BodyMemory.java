package ums.web.guard;

import org.springframework.http.HttpStatus;
import ums.web.Problem;
import ums.web.ProblemException;

/** How many bytes of one request's body this process holds, counted among those of all and of its caller. */
final class BodyMemory implements AutoCloseable {

    private static final Problem FULL = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "Too much is being sent at the same time; come again.");

    private final FairQuota shares;
    private final Object caller;
    private long held;

    BodyMemory(FairQuota shares, Object caller) {
        this.shares = shares;
        this.caller = caller;
    }

    /** @throws ProblemException 503, where it does not fit */
    void add(int bytes) {
        if (bytes > 0 && !shares.take(caller, bytes)) {
            throw new ProblemException(FULL);
        }
        held += bytes;
    }

    @Override
    public void close() {
        if (held > 0) {
            shares.give(caller, held);
        }
    }
}
