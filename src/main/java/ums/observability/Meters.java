package ums.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.ErrorType;
import ums.channel.MessageSender;
import ums.delivery.ClaimLost;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageEvents.MessageEnded;
import ums.message.MessageEvents.MessagesAccepted;
import ums.message.MessageStatus;
import ums.message.MessageUpdate;

/**
 * The meters of messages. Their names and tags are a contract with dashboards. All change after the commit, as a
 * rollback must not count.
 */
@Component
class Meters {

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, ChannelMeters> channels;
    private final Map<String, Counter> claimFailures;

    Meters(MeterRegistry registry, List<MessageSender> channels, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.channels = channels.stream()
                .map(MessageSender::channel)
                .collect(Collectors.toConcurrentMap(it -> it, it -> new ChannelMeters(registry, it)));
        this.claimFailures = new ConcurrentHashMap<>();
        List.of("lost", "error", "status").forEach(this::claimFailures);
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
        ChannelMeters meters = of(settled.claim().channel());
        MessageUpdate update = settled.update();
        ErrorType error = settled.errorType();
        if (error != null && settled.waitsUntil() == null) {
            meters.failed(error);
        }
        meters.settled(update.status());
        meters.dispatched(update.status(), Duration.between(settled.claim().at(), now));
        if (update.status() == MessageStatus.SENT) {
            meters.delivered(Duration.between(settled.message().createdAt(), update.at()));
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onLateSuccess(LateSuccess late) {
        of(late.subject().channel()).settled(MessageStatus.SENT);
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onDecided(MessageDecided decided) {
        of(decided.subject().channel()).settled(decided.status());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onEnded(MessageEnded ended) {
        of(ended.subject().channel()).settled(ended.status());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onClaimLost(ClaimLost lost) {
        claimFailures(lost.reason()).increment();
    }

    /** The ledger may contain messages of a channel that no longer exists. */
    private ChannelMeters of(String channel) {
        return channels.computeIfAbsent(channel, it -> new ChannelMeters(registry, it));
    }

    private Counter claimFailures(String reason) {
        return claimFailures.computeIfAbsent(
                reason,
                it -> Counter.builder("claim.failures")
                        .description("claims that failed, or were lost to another owner")
                        .tag("reason", it)
                        .register(registry));
    }
}
