package ums.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.Channels;
import ums.channel.ErrorType;
import ums.delivery.ClaimLost;
import ums.delivery.WentOn;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageEvents.MessageEnded;
import ums.message.MessageEvents.MessagesAccepted;
import ums.message.MessageStatus;
import ums.message.MessageUpdate;
import ums.provider.Account;
import ums.provider.Provider;
import ums.provider.Providers;
import ums.provider.SandboxAccounts;

/**
 * The meters of messages. Their names and tags are a contract with dashboards. All change after the commit, as a
 * rollback must not count.
 */
@Component
class Meters {

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, ChannelMeters> channels;
    private final Map<Attempts, ProviderMeters> providers = new ConcurrentHashMap<>();
    private final Map<String, Counter> claimFailures;

    Meters(MeterRegistry registry, Channels channels, Providers providers, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.channels = channels.names().stream()
                .collect(Collectors.toConcurrentMap(it -> it, it -> new ChannelMeters(registry, it)));
        for (String channel : channels.names()) {
            of(channel, null);
            of(channel, SandboxAccounts.ID);
        }
        for (Account account : providers.live()) {
            of(account.provider().channel(), account.id());
            Provider<?> provider = account.provider();
            if (provider.connections() != null) {
                Gauge.builder("provider.connections.limit", provider, Meters::allowedConnections)
                        .description(
                                "how many connections the provider is found to bear, at most as many as configured")
                        .tag("channel", provider.channel())
                        .tag("provider", account.id())
                        .strongReference(true)
                        .register(registry);
            }
            Gauge.builder("provider.available", account, it -> it.isAvailable() ? 1 : 0)
                    .description("whether the provider can send, as this process sees it")
                    .tag("channel", account.provider().channel())
                    .tag("provider", account.id())
                    .strongReference(true)
                    .register(registry);
        }
        this.claimFailures = new ConcurrentHashMap<>();
        List.of("lost", "error", "status").forEach(this::claimFailures);
    }

    private static double allowedConnections(Provider<?> provider) {
        Provider.Connections connections = provider.connections();
        return connections == null ? Double.NaN : connections.allowed();
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onAccepted(MessagesAccepted accepted) {
        accepted.messages().forEach(it -> of(it.channel()).accepted());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onSettled(AttemptsSettled settled) {
        Instant now = clock.instant();
        settled.attempts().forEach(it -> count(it, now));
    }

    private void count(AttemptSettled settled, Instant now) {
        String channel = settled.claim().channel();
        MessageUpdate update = settled.update();
        ProviderMeters meters = of(channel, update.provider());
        ErrorType error = settled.errorType();
        if (error != null && settled.waitsUntil() == null) {
            meters.failed(error);
        }
        meters.settled(update.status());
        meters.dispatched(update.status(), Duration.between(settled.claim().at(), now));
        if (update.status() == MessageStatus.SENT) {
            of(channel).delivered(Duration.between(settled.message().createdAt(), update.at()));
        }
    }

    @EventListener
    void onWentOn(WentOn went) {
        of(went.subject().channel(), went.failure().provider())
                .failed(went.failure().type());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onLateSuccess(LateSuccess late) {
        of(late.subject().channel(), null).settled(MessageStatus.SENT);
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onDecided(MessageDecided decided) {
        of(decided.subject().channel(), null).settled(decided.status());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onEnded(MessageEnded ended) {
        of(ended.subject().channel(), null).settled(ended.status());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onClaimLost(ClaimLost lost) {
        claimFailures(lost.reason()).increment();
    }

    /** The ledger may contain messages of a channel that no longer exists. */
    private ChannelMeters of(String channel) {
        return channels.computeIfAbsent(channel, it -> new ChannelMeters(registry, it));
    }

    private ProviderMeters of(String channel, @Nullable String provider) {
        String tag = provider == null ? ProviderMeters.NONE : provider;
        return providers.computeIfAbsent(
                new Attempts(channel, tag), it -> new ProviderMeters(registry, it.channel, it.provider));
    }

    private record Attempts(String channel, String provider) {}

    private Counter claimFailures(String reason) {
        return claimFailures.computeIfAbsent(
                reason,
                it -> Counter.builder("claim.failures")
                        .description("claims that failed, or were lost to another owner")
                        .tag("reason", it)
                        .register(registry));
    }
}
