package ums.reading;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Bounds what lists and searches take of the database: a few connections of the pool for all of them, a part of those for
 * each caller, and a few seconds for each. Accepting and sending use the pool without asking here, so that nobody who looks
 * keeps them waiting. Callers wait in the order in which they come, and not for long.
 */
@Component
public class Reads {

    /** Who looks on behalf of the operator. */
    public static final Object ADMINS = "admins";

    /** Of the pool's 20. */
    private static final int CONNECTIONS = 4;
    /** A caller with many requests leaves the rest to the others. */
    private static final int CONNECTIONS_OF_A_CALLER = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    private final Map<Object, Quota> quotas = new ConcurrentHashMap<>();
    private final TransactionTemplate transaction;

    Reads(PlatformTransactionManager transactions) {
        this.transaction = new TransactionTemplate(transactions);
        // By its deadline the database is told to stop; without one it would work on for somebody who has gone.
        transaction.setTimeout((int) LONGEST.toSeconds());
        transaction.setReadOnly(true);
    }

    /**
     * Reads, on one connection.
     *
     * @param caller whatever tells callers apart
     * @throws ReadsBusyException where others read so much that the caller would have to wait for too long
     */
    public <T> T read(Object caller, Supplier<T> query) {
        return bounded(caller, PATIENCE, query).orElseThrow(ReadsBusyException::new);
    }

    /** Reads what is nice to know: empty at once where others read too much at the moment. */
    public <T> Optional<T> readIfIdle(Object caller, Supplier<T> query) {
        return bounded(caller, Duration.ZERO, query);
    }

    private <T> Optional<T> bounded(Object caller, Duration patience, Supplier<T> query) {
        long deadline = System.nanoTime() + patience.toNanos();
        Quota quota = enter(caller);
        try {
            return within(quota.permits, deadline, () -> within(connections, deadline, () -> execute(query)));
        } finally {
            leave(caller);
        }
    }

    private <T> Optional<T> execute(Supplier<T> query) {
        return Optional.ofNullable(transaction.execute(_ -> query.get()));
    }

    private static <T> Optional<T> within(Semaphore permits, long deadline, Supplier<Optional<T>> work) {
        if (!acquire(permits, deadline)) {
            return Optional.empty();
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }

    private static boolean acquire(Semaphore permits, long deadline) {
        try {
            return permits.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Quota enter(Object caller) {
        return quotas.compute(caller, (_, known) -> known == null ? new Quota() : known.entered());
    }

    private void leave(Object caller) {
        quotas.computeIfPresent(caller, (_, known) -> known.left());
    }

    /** A caller's part, kept while somebody uses it or waits for it. */
    private static final class Quota {

        private final Semaphore permits = new Semaphore(CONNECTIONS_OF_A_CALLER, true);
        private int users = 1;

        private Quota entered() {
            users++;
            return this;
        }

        private @Nullable Quota left() {
            users--;
            return users == 0 ? null : this;
        }
    }
}
