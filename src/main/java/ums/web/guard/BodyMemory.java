package ums.web.guard;

import org.springframework.http.HttpStatus;
import ums.web.Problem;
import ums.web.ProblemException;

/** The bytes of one request's body in memory, counted against the quota of all requests and of the caller. */
final class BodyMemory implements AutoCloseable {

    private static final Problem FULL = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "Too much is being sent at the same time; come again.");

    private final FairQuota quota;
    private final Object caller;
    private long held;

    BodyMemory(FairQuota quota, Object caller) {
        this.quota = quota;
        this.caller = caller;
    }

    /** @throws ProblemException 503 if the quota is exceeded */
    void add(int bytes) {
        if (bytes > 0 && !quota.tryAcquire(caller, bytes)) {
            throw new ProblemException(FULL);
        }
        held += bytes;
    }

    @Override
    public void close() {
        if (held > 0) {
            quota.release(caller, held);
        }
    }
}
