package ums.reading;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A bulkhead for lists and searches. They may use a few of the pool's connections, each caller a part of these, and each read a
 * few seconds. Accepting and sending use the pool without this bound, so that reads do not delay them. Callers wait for a
 * permit in the order in which they came, and not for long.
 */
@Component
public class Reads {

    /** The caller of all reads on behalf of operators. */
    public static final Object ADMINS = "admins";

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final int connectionsPerCaller;
    private final Semaphore connections;
    private final Map<Object, Quota> quotas = new ConcurrentHashMap<>();
    private final TransactionTemplate transaction;

    @Autowired
    Reads(PlatformTransactionManager transactions) {
        this(transactions, Runtime.getRuntime().availableProcessors());
    }

    /**
     * @param processors a caller reads on half of them at once, and on two connections at most: on two processors two lists
     *     take all of both, and messages wait
     */
    Reads(PlatformTransactionManager transactions, int processors) {
        this.connectionsPerCaller = Math.clamp(processors / 2, 1, 2);
        // At most 4 of the pool's 20. A caller with many requests leaves half of them to the others.
        this.connections = new Semaphore(2 * connectionsPerCaller, true);
        this.transaction = new TransactionTemplate(transactions);
        // After it the database cancels the query. Without it the query would go on after the caller has disconnected.
        transaction.setTimeout((int) TIMEOUT.toSeconds());
        transaction.setReadOnly(true);
    }

    /**
     * Reads, on one connection.
     *
     * @param caller the caller's identity
     * @throws ReadsBusyException if there are too many reads at the moment
     */
    public <T> T read(Object caller, Supplier<T> query) {
        return bounded(caller, LONGEST_WAIT, query).orElseThrow(ReadsBusyException::new);
    }

    /** Reads something optional: never waits, and returns empty if there are too many reads at the moment. */
    public <T> Optional<T> readIfIdle(Object caller, Supplier<T> query) {
        return bounded(caller, Duration.ZERO, query);
    }

    private <T> Optional<T> bounded(Object caller, Duration longestWait, Supplier<T> query) {
        long deadline = System.nanoTime() + longestWait.toNanos();
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
        return quotas.compute(caller, (_, known) -> known == null ? new Quota(connectionsPerCaller) : known.entered());
    }

    private void leave(Object caller) {
        quotas.computeIfPresent(caller, (_, known) -> known.left());
    }

    /** A caller's permits, kept while a read uses one or waits for one. */
    private static final class Quota {

        private final Semaphore permits;
        private int users = 1;

        private Quota(int connections) {
            permits = new Semaphore(connections, true);
        }

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
