package ums.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.ErrorType;
import ums.channel.MessageSender;
import ums.dispatch.ClaimLost;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageEvents.MessageEnded;
import ums.message.MessageEvents.MessagesAccepted;
import ums.message.MessageStatus;

/** The meters of a message's path; their names and tags are a contract with those who chart them. */
@Component
class Meters {

    private final MeterRegistry registry;

    Meters(MeterRegistry registry, List<MessageSender> channels) {
        this.registry = registry;
        channels.stream().map(MessageSender::channel).forEach(this::register);
        List.of("lost", "error", "status").forEach(this::claimFailures);
    }

    /** A counter that appears only with its first event hides that event from a rate. */
    private void register(String channel) {
        accepted(channel);
        Arrays.stream(MessageStatus.values()).filter(MessageStatus::ended).forEach(it -> settled(channel, it));
        Arrays.stream(ErrorType.values()).forEach(it -> failures(channel, it));
    }

    /** A message that is rolled back was never accepted. */
    @TransactionalEventListener(fallbackExecution = true)
    void onAccepted(MessagesAccepted accepted) {
        accepted.messages().forEach(it -> accepted(it.channel()).increment());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onSettled(AttemptsSettled settled) {
        settled.attempts().forEach(this::count);
    }

    private void count(AttemptSettled settled) {
        ErrorType error = settled.errorType();
        // What waits for its hour has not failed.
        if (error != null && (error != ErrorType.POLICY || settled.status().ended())) {
            failures(settled.channel(), error).increment();
        }
        if (settled.status().ended()) {
            settled(settled.channel(), settled.status()).increment();
        }
        if (settled.status() == MessageStatus.SENT) {
            timer("delivery.latency", settled).register(registry).record(between(settled.createdAt(), settled));
        }
        timer("dispatch.duration", settled)
                .tag("outcome", settled.status().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(between(settled.claimedAt(), settled));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onDecided(MessageDecided decided) {
        if (decided.status().ended()) {
            settled(decided.channel(), decided.status()).increment();
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onEnded(MessageEnded ended) {
        settled(ended.channel(), ended.status()).increment();
    }

    @EventListener
    void onClaimLost(ClaimLost lost) {
        claimFailures(lost.reason()).increment();
    }

    private Counter accepted(String channel) {
        return registry.counter("messages.accepted", "channel", channel);
    }

    private Counter settled(String channel, MessageStatus status) {
        return registry.counter("messages.settled", "channel", channel, "status", status.name());
    }

    private Counter failures(String channel, ErrorType type) {
        return registry.counter("send.failures", "channel", channel, "type", type.name());
    }

    private Counter claimFailures(String reason) {
        return registry.counter("claim.failures", "reason", reason);
    }

    private static Timer.Builder timer(String name, AttemptSettled settled) {
        return Timer.builder(name).tag("channel", settled.channel()).publishPercentileHistogram();
    }

    private static Duration between(Instant from, AttemptSettled settled) {
        Duration duration = Duration.between(from, settled.at());
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
