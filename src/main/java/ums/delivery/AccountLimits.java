package ums.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import ums.provider.Account;
import ums.queue.RateLimiter;

/**
 * What accounts may take now: {@code rate}, in recipients per second over all processes, and {@code concurrency}, in messages in
 * flight in this process. Both are asked before a claim, so that what exceeds them stays in the queue. Safe for several threads.
 *
 * <p>A claim does not know its messages' recipients. It takes one token a message, and those of the other recipients afterwards,
 * as a debt that the account pays before it gets tokens again.
 */
final class AccountLimits {

    private final RateLimiter rateLimiter;
    private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();

    AccountLimits(RateLimiter rateLimiter) {
        this.rateLimiter = rateLimiter;
    }

    static boolean hasLimit(Account account) {
        return account.rate().isPresent() || account.concurrency().isPresent();
    }

    /** Acquires the right to send so many messages, as far as there is one now. */
    Granted acquire(Account account, int wanted) {
        int places = acquirePlaces(account, wanted);
        if (account.rate().isEmpty() || places == 0) {
            return new Granted(places, false);
        }
        int tokens = 0;
        try {
            tokens = rateLimiter.acquire(account.id(), account.rate().getAsDouble(), places);
        } finally {
            release(account, places - tokens);
        }
        return new Granted(tokens, tokens == 0);
    }

    private int acquirePlaces(Account account, int wanted) {
        if (account.concurrency().isEmpty()) {
            return wanted;
        }
        int most = account.concurrency().getAsInt();
        AtomicInteger used = used(account);
        int before = used.getAndUpdate(it -> it + free(most, it, wanted));
        return free(most, before, wanted);
    }

    private static int free(int most, int used, int wanted) {
        return Math.clamp(most - (long) used, 0, wanted);
    }

    /** Takes the tokens of recipients that were not counted yet; gives tokens back where {@code recipients} is negative. */
    void charge(Account account, int recipients) {
        if (recipients == 0 || account.rate().isEmpty()) {
            return;
        }
        try {
            rateLimiter.charge(account.id(), account.rate().getAsDouble(), recipients);
        } catch (DataAccessException | TransactionException _) {
            // What is claimed is sent all the same; the account exceeds its rate by this once, or stays below it.
        }
    }

    /** Messages are in flight that were claimed without asking. */
    void begin(Account account, int messages) {
        if (account.concurrency().isPresent()) {
            used(account).addAndGet(messages);
        }
    }

    /** Messages are in flight no more. */
    void release(Account account, int messages) {
        if (account.concurrency().isPresent()) {
            used(account).addAndGet(-messages);
        }
    }

    private AtomicInteger used(Account account) {
        return inFlight.computeIfAbsent(account.id(), _ -> new AtomicInteger());
    }

    /**
     * What an account may take.
     *
     * @param messages how many messages
     * @param byRate whether there are none because of its rate
     */
    record Granted(int messages, boolean byRate) {}
}
