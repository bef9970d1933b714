package ums.web.guard;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import ums.web.Problem;
import ums.web.ProblemException;

/** How many bytes of bodies this process holds at the same time, of all requests. */
final class BodyMemory {

    private static final Problem FULL = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "Too much is being sent at the same time; come again.");

    private final AtomicLong used = new AtomicLong();
    private final long max;

    BodyMemory(long max) {
        this.max = max;
    }

    Use use() {
        return new Use();
    }

    long used() {
        return used.get();
    }

    /** What one request holds. */
    final class Use implements AutoCloseable {

        private long held;

        /** @throws ProblemException 503, where it does not fit */
        void add(int bytes) {
            held += bytes;
            if (used.addAndGet(bytes) > max) {
                throw new ProblemException(FULL);
            }
        }

        @Override
        public void close() {
            used.addAndGet(-held);
        }
    }
}
