package ums.delivery;

import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import ums.logging.MessageLog;

/** Repeats work on the database until it succeeds: a known outcome must not be lost, or its message could be sent twice. */
final class DatabaseRetry {

    private final Pause pause;

    /** @param pause between two tries */
    DatabaseRetry(Pause pause) {
        this.pause = pause;
    }

    /** Returns when the work has succeeded. The first failure is logged. */
    <T> T untilSucceeded(ClaimedMessage claimed, Supplier<T> work) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return work.get();
            } catch (DataAccessException | TransactionException e) {
                if (tries == 1) {
                    MessageLog.outcomeKept(claimed.subject(), e);
                }
                pause.await();
            }
        }
    }

    /** A wait that a stop interrupts. */
    interface Pause {
        void await() throws InterruptedException;
    }
}
