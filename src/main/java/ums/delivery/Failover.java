package ums.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.Recipient;
import ums.provider.Account;
import ums.provider.Outcome;
import ums.provider.Providers;
import ums.provider.RecipientOutcome;
import ums.queue.Queue;

/** One attempt, from provider to provider until one has decided: to another one only after that is written under the claim. */
final class Failover {

    private final Providers providers;
    private final AccountLimits limits;
    private final Queue queue;
    private final Consumer<WentOn> wentOn;

    /** @param wentOn called when an attempt goes on to another provider, before that is asked; must not block */
    Failover(Providers providers, AccountLimits limits, Queue queue, Consumer<WentOn> wentOn) {
        this.providers = providers;
        this.limits = limits;
        this.queue = queue;
        this.wentOn = wentOn;
    }

    /**
     * Blocks until a provider has decided, or none did in time.
     *
     * @param candidates the providers that may have the message, in the sequence in which they are tried
     */
    List<RecipientOutcome> send(ClaimedMessage claimed, Delivery<Content> delivery, List<Account> candidates) {
        Map<Recipient, RecipientOutcome> decided = new LinkedHashMap<>();
        List<Recipient> left = delivery.recipients();
        String at = claimed.claim().provider();
        RecipientOutcome failed = null;
        for (Account account : candidates) {
            if (!account.isAvailable() || !acquire(account, claimed, left.size())) {
                continue;
            }
            try {
                if (!assign(account, claimed, at)) {
                    // Nobody may go on, and what is decided must not get lost.
                    break;
                }
                at = account.id();
                if (failed != null) {
                    wentOn.accept(new WentOn(claimed.subject(), failed.failure(), account.id()));
                }
                List<RecipientOutcome> outcomes = account.provider().send(delivery.to(left)).stream()
                        .map(it -> it.at(account.id()))
                        .toList();
                outcomes.forEach(it -> decided.put(it.recipient(), it));
                left = FailoverPolicy.next(
                        outcomes,
                        providers.failsOverOnDeferred(account.provider().channel()));
                failed = first(outcomes, left);
            } finally {
                if (!isBegunWith(account, claimed)) {
                    limits.release(account, 1);
                }
            }
            // Nobody is asked without time to answer: its silence would count against it.
            if (left.isEmpty() || delivery.deadline() - System.nanoTime() <= 0) {
                break;
            }
        }
        return decided.isEmpty()
                ? RecipientOutcome.all(
                        delivery.recipients(), new Outcome.CalledOff("no provider takes messages at the moment"))
                : List.copyOf(decided.values());
    }

    /** A claim holds what it needs of the provider it begins with. */
    private static boolean isBegunWith(Account account, ClaimedMessage claimed) {
        return account.id().equals(claimed.claim().provider());
    }

    /** False where a limit of the provider passes it over, or where the database does not tell. */
    private boolean acquire(Account account, ClaimedMessage claimed, int recipients) {
        if (isBegunWith(account, claimed)) {
            return true;
        }
        try {
            boolean granted = limits.acquire(account, 1).messages() == 1;
            if (granted) {
                limits.charge(account, recipients - 1);
            }
            return granted;
        } catch (DataAccessException | TransactionException _) {
            return false;
        }
    }

    /** False where it cannot be written that the attempt goes on there. */
    private boolean assign(Account account, ClaimedMessage claimed, @Nullable String at) {
        try {
            return account.id().equals(at) || claimed.message().test() || queue.assign(claimed.claim(), account.id());
        } catch (DataAccessException | TransactionException _) {
            return false;
        }
    }

    /** The outcome of the first recipient for whom the next provider is asked, or null. */
    private static @Nullable RecipientOutcome first(List<RecipientOutcome> outcomes, List<Recipient> left) {
        return outcomes.stream()
                .filter(it -> left.contains(it.recipient()))
                .findFirst()
                .orElse(null);
    }
}
