package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.Recipient;
import ums.message.LoadedMessage;
import ums.message.RecipientState;
import ums.message.TraceContext;
import ums.provider.Account;
import ums.provider.Outcome;
import ums.provider.Providers;
import ums.provider.RecipientOutcome;
import ums.queue.Claimant.Allowance;
import ums.queue.Queue;
import ums.queue.RateLimiter;

/**
 * The way of messages over their channel's providers: which provider a claim begins with, how many messages its rate permits,
 * and the send itself, from provider to provider until one has decided.
 */
final class Routes {

    private static final Duration GONE_AFTER = Duration.ofHours(72);

    private final Channels channels;
    private final Providers providers;
    private final RateLimiter rateLimiter;
    private final Queue queue;
    private final TraceContext trace;
    private final Duration attemptTimeout;

    /** @param attemptTimeout how long an attempt may take, over all of its providers */
    Routes(
            Channels channels,
            Providers providers,
            RateLimiter rateLimiter,
            Queue queue,
            TraceContext trace,
            Duration attemptTimeout) {
        this.channels = channels;
        this.providers = providers;
        this.rateLimiter = rateLimiter;
        this.queue = queue;
        this.trace = trace;
        this.attemptTimeout = attemptTimeout;
    }

    /** Whether any channel can send now. */
    boolean anyAvailable() {
        return providers.channels().stream()
                .anyMatch(it -> providers.availability(it, false).available());
    }

    /** Whether a provider of the message can take it now; true where its attempt ends at once. */
    boolean isAvailable(ClaimedMessage claimed) {
        List<Account> candidates = candidates(claimed);
        return candidates.isEmpty() || candidates.stream().anyMatch(Account::isAvailable);
    }

    /** The value of {@link System#nanoTime()} at which an attempt that begins now is cut off. */
    long deadline() {
        return System.nanoTime() + attemptTimeout.toNanos();
    }

    /**
     * Whether no provider can be expected to take the message any more: it is bound to one that is not configured, or that has
     * been unavailable for three days; or none may send as its sender.
     */
    boolean isGone(ClaimedMessage claimed, Instant now) {
        List<Account> candidates = candidates(claimed);
        if (claimed.message().boundTo() == null) {
            return candidates.isEmpty();
        }
        return candidates.stream()
                .map(it -> it.provider().availability().since())
                .allMatch(it -> it != null && it.plus(GONE_AFTER).isBefore(now));
    }

    /** The bulkhead of a message. */
    String bulkhead(ClaimedMessage claimed) {
        List<RecipientState> recipients = claimed.message().recipients();
        return recipients.isEmpty()
                ? ""
                : channels.find(claimed.claim().channel())
                        .map(it -> it.bulkhead(recipients.getFirst().recipient()))
                        .orElse("");
    }

    /** Whether a rate limit must be asked before a claim. */
    boolean isRateLimited() {
        return providers.live().stream().anyMatch(it -> it.rate().isPresent());
    }

    /** Acquires sends for claims of each channel, {@code wanted} at most of each. A channel that cannot send has no allowance. */
    Map<String, Allowance> acquire(int wanted) {
        Map<String, Allowance> allowances = new HashMap<>();
        for (String channel : providers.channels()) {
            Allowance allowance = acquire(channel, wanted);
            if (allowance != null) {
                allowances.put(channel, allowance);
            }
        }
        return allowances;
    }

    /** What exceeds a provider's rate waits, or goes to the next one where the provider overflows. */
    private @Nullable Allowance acquire(String channel, int wanted) {
        Allowance exhausted = null;
        for (Account account : providers.route(channel, false)) {
            if (account.isAvailable()) {
                OptionalDouble rate = account.rate();
                int granted = rate.isEmpty() ? wanted : rateLimiter.acquire(account.id(), rate.getAsDouble(), wanted);
                Allowance allowance = new Allowance(account.id(), granted);
                if (granted > 0 || !account.settings().overflow()) {
                    return allowance;
                }
                exhausted = allowance;
            }
        }
        return exhausted;
    }

    /** The allowances of claims on insert, where no rate limits a channel. */
    Map<String, Allowance> unlimited() {
        return acquire(Integer.MAX_VALUE);
    }

    /** Returns the sends of allowances that were not used. */
    void giveBack(Map<String, Allowance> allowances, List<ClaimedMessage> claimed) {
        for (Map.Entry<String, Allowance> each : allowances.entrySet()) {
            int used = (int) claimed.stream()
                    .filter(it -> it.claim().channel().equals(each.getKey()))
                    .count();
            int unused = each.getValue().max() - used;
            Account account = providers
                    .find(each.getKey(), false, each.getValue().provider())
                    .orElse(null);
            if (unused > 0 && account != null && account.rate().isPresent()) {
                rateLimiter.giveBack(account.id(), account.rate().getAsDouble(), unused);
            }
        }
    }

    /** Blocks until a provider has decided, or none did in time. */
    List<RecipientOutcome> send(ClaimedMessage claimed, Delivery<Content> delivery) {
        return trace.attempt(claimed.subject(), () -> sendOnRoute(claimed, delivery));
    }

    private List<RecipientOutcome> sendOnRoute(ClaimedMessage claimed, Delivery<Content> delivery) {
        List<Account> candidates = candidates(claimed);
        Map<Recipient, RecipientOutcome> decided = new LinkedHashMap<>();
        List<Recipient> left = delivery.recipients();
        String at = claimed.claim().provider();
        for (Account account : candidates) {
            try {
                if (!mayBegin(account, at)) {
                    continue;
                }
                if (!account.id().equals(at) && !claimed.message().test()) {
                    if (!queue.assign(claimed.claim(), account.id())) {
                        break;
                    }
                    at = account.id();
                }
            } catch (DataAccessException | TransactionException _) {
                // Without it written nobody may go on, and what is decided must not get lost.
                break;
            }
            List<RecipientOutcome> outcomes = account.provider().send(delivery.to(left)).stream()
                    .map(it -> it.at(account.id()))
                    .toList();
            outcomes.forEach(it -> decided.put(it.recipient(), it));
            left = FailoverPolicy.next(
                    outcomes, providers.failsOverOnDeferred(account.provider().channel()));
            if (left.isEmpty()) {
                break;
            }
        }
        return decided.isEmpty()
                ? RecipientOutcome.all(
                        delivery.recipients(), new Outcome.CalledOff("no provider takes messages at the moment"))
                : List.copyOf(decided.values());
    }

    /** A claim holds a permit of the rate of the provider it begins with. */
    private boolean mayBegin(Account account, @Nullable String at) {
        if (!account.isAvailable()) {
            return false;
        }
        return account.id().equals(at)
                || account.rate().isEmpty()
                || rateLimiter.acquire(account.id(), account.rate().getAsDouble(), 1) == 1;
    }

    /** The providers that may send the message: the one that it is bound to, else all that have its sender. */
    private List<Account> candidates(ClaimedMessage claimed) {
        LoadedMessage message = claimed.message();
        String channel = claimed.claim().channel();
        String bound = message.boundTo();
        List<Account> route = providers.route(channel, message.test());
        if (bound != null && !message.test()) {
            return route.stream().filter(it -> it.id().equals(bound)).toList();
        }
        Content content = message.content();
        if (content == null) {
            // Nobody knows its sender. It is not sent as long as it is not loaded.
            return route;
        }
        String sender = channels.find(channel).map(it -> it.sender(content)).orElse("");
        return route.stream().filter(it -> it.maySendAs(sender)).toList();
    }
}
