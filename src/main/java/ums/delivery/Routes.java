package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.message.LoadedMessage;
import ums.message.RecipientState;
import ums.message.TraceContext;
import ums.provider.Account;
import ums.provider.Providers;
import ums.provider.RecipientOutcome;
import ums.queue.Claimant.Allowance;

/**
 * The way of messages over their channel's providers: which provider a claim begins with, how many messages its limits permit, and
 * which providers a message may go to.
 */
final class Routes {

    private static final Duration GONE_AFTER = Duration.ofHours(72);

    private final Channels channels;
    private final Providers providers;
    private final AccountLimits limits;
    private final Failover failover;
    private final TraceContext trace;
    private final Duration attemptTimeout;

    /** @param attemptTimeout how long an attempt may take, over all of its providers */
    Routes(
            Channels channels,
            Providers providers,
            AccountLimits limits,
            Failover failover,
            TraceContext trace,
            Duration attemptTimeout) {
        this.channels = channels;
        this.providers = providers;
        this.limits = limits;
        this.failover = failover;
        this.trace = trace;
        this.attemptTimeout = attemptTimeout;
    }

    /** Whether any channel can send now. */
    boolean anyAvailable() {
        return providers.channels().stream()
                .anyMatch(it -> providers.availability(it, false).available());
    }

    /** Whether a provider of the message can take it now; true where its attempt ends at once, as its provider is gone. */
    boolean isAvailable(ClaimedMessage claimed, Instant now) {
        return isGone(claimed, now) || candidates(claimed).stream().anyMatch(Account::isAvailable);
    }

    /** The value of {@link System#nanoTime()} at which an attempt that begins now is cut off. */
    long deadline() {
        return System.nanoTime() + attemptTimeout.toNanos();
    }

    /**
     * Whether no provider can be expected to take the message any more: it is bound to one that is not configured, may not send
     * as its sender, or has been unavailable for three days; or none may send as its sender.
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

    /** Whether a limit of an account must be asked before a claim. */
    boolean isLimited() {
        return providers.live().stream().anyMatch(AccountLimits::hasLimit);
    }

    /**
     * Acquires sends for claims of each channel, {@code wanted} at most of each. A channel that cannot send has no allowance.
     * What is not used is {@linkplain #reconcile given back}, and each message that is sent or not is {@linkplain #release released}.
     */
    Map<String, Allowance> acquire(int wanted) {
        Map<String, Allowance> allowances = new HashMap<>();
        try {
            for (String channel : providers.channels()) {
                Allowance allowance = acquire(channel, wanted);
                if (allowance != null) {
                    allowances.put(channel, allowance);
                }
            }
        } catch (RuntimeException | Error e) {
            reconcile(allowances, List.of());
            throw e;
        }
        return allowances;
    }

    /** What exceeds a provider's rate waits, or goes to the next one where the provider overflows. */
    private @Nullable Allowance acquire(String channel, int wanted) {
        Allowance exhausted = null;
        for (Account account : providers.route(channel, false)) {
            if (account.isAvailable()) {
                AccountLimits.Granted granted = limits.acquire(account, wanted);
                Allowance allowance = new Allowance(account.id(), granted.messages());
                if (!granted.byRate() || !account.settings().overflow()) {
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

    /** Returns the sends of allowances that were not used, and charges the recipients beyond one a message. */
    void reconcile(Map<String, Allowance> allowances, List<ClaimedMessage> claimed) {
        for (Map.Entry<String, Allowance> each : allowances.entrySet()) {
            List<ClaimedMessage> used = claimed.stream()
                    .filter(it -> it.claim().channel().equals(each.getKey()))
                    .toList();
            int granted = each.getValue().max();
            int recipients = used.stream()
                    .mapToInt(it -> Math.max(1, it.message().pending().size()))
                    .sum();
            providers.find(each.getKey(), false, each.getValue().provider()).ifPresent(account -> {
                limits.release(account, granted - used.size());
                limits.charge(account, recipients - granted);
            });
        }
    }

    /** Messages are in flight whose claims were answered late: their allowances were given back. */
    void begin(List<ClaimedMessage> found) {
        found.forEach(it -> begunWith(it).ifPresent(account -> limits.begin(account, 1)));
    }

    /**
     * A claimed message is in flight no more.
     *
     * @return whether its account may take another one for it
     */
    boolean release(ClaimedMessage claimed) {
        Optional<Account> account =
                begunWith(claimed).filter(it -> it.concurrency().isPresent());
        account.ifPresent(it -> limits.release(it, 1));
        return account.isPresent();
    }

    private Optional<Account> begunWith(ClaimedMessage claimed) {
        String provider = claimed.claim().provider();
        return provider == null
                ? Optional.empty()
                : providers.find(claimed.claim().channel(), false, provider);
    }

    /** Blocks until a provider has decided, or none did in time. */
    List<RecipientOutcome> send(ClaimedMessage claimed, Delivery<Content> delivery) {
        return trace.attempt(claimed.subject(), () -> failover.send(claimed, delivery, candidates(claimed)));
    }

    /** The providers that have the message's sender, and of a message that is bound to one only that one. */
    private List<Account> candidates(ClaimedMessage claimed) {
        LoadedMessage message = claimed.message();
        String channel = claimed.claim().channel();
        String bound = message.test() ? null : message.boundTo();
        String sender = sender(channel, message.content());
        return providers.route(channel, message.test()).stream()
                .filter(it -> bound == null || it.id().equals(bound))
                .filter(it -> sender == null || it.maySendAs(sender))
                .toList();
    }

    /** Null where the content is not loaded. The message is not sent as long as it is not. */
    private @Nullable String sender(String channel, @Nullable Content content) {
        return content == null
                ? null
                : channels.find(channel).map(it -> it.sender(content)).orElse("");
    }
}
