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
 * Bounds what lists and searches take of the database: a few connections of the pool for all of them, a part of those for
 * each caller, and a few seconds for each. Accepting and sending use the pool without asking here, so that nobody who looks
 * keeps them waiting. Callers wait in the order in which they come, and not for long.
 */
@Component
public class Reads {

    /** Who looks on behalf of the operator. */
    public static final Object ADMINS = "admins";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final int connectionsOfACaller;
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
        this.connectionsOfACaller = Math.clamp(processors / 2, 1, 2);
        // At most 4 of the pool's 20. A caller with many requests leaves half of them to the others.
        this.connections = new Semaphore(2 * connectionsOfACaller, true);
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
        return quotas.compute(caller, (_, known) -> known == null ? new Quota(connectionsOfACaller) : known.entered());
    }

    private void leave(Object caller) {
        quotas.computeIfPresent(caller, (_, known) -> known.left());
    }

    /** A caller's part, kept while somebody uses it or waits for it. */
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
