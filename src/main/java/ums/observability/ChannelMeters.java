package ums.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ums.channel.ErrorType;
import ums.message.MessageStatus;

/**
 * The meters of one channel, all registered at the start: a counter that first appears with its first event hides that
 * event from a rate. They are cached here, as looking up a meter by its tags costs more than incrementing it.
 */
final class ChannelMeters {

    private static final Set<MessageStatus> AFTER_AN_ATTEMPT =
            EnumSet.of(MessageStatus.SENT, MessageStatus.RETRY, MessageStatus.FAILED, MessageStatus.MANUAL_REVIEW);

    /** From a provider nearby to an attempt that times out. */
    private static final Duration[] DISPATCH =
            seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90);

    /** From immediately to the last retry: those to a full mailbox go on for days. */
    private static final Duration[] DELIVERY =
            seconds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400);

    private final Counter accepted;
    private final Timer delivery;
    private final Map<MessageStatus, Counter> settled = new EnumMap<>(MessageStatus.class);
    private final Map<ErrorType, Counter> failures = new EnumMap<>(ErrorType.class);
    private final Map<MessageStatus, Timer> dispatch = new EnumMap<>(MessageStatus.class);

    ChannelMeters(MeterRegistry registry, String channel) {
        accepted = Counter.builder("messages.accepted")
                .description("messages accepted, replays not counted")
                .tag("channel", channel)
                .register(registry);
        delivery = Timer.builder("delivery.latency")
                .description("time from acceptance to sent")
                .tag("channel", channel)
                .serviceLevelObjectives(DELIVERY)
                .register(registry);
        Stream.of(MessageStatus.values())
                .filter(MessageStatus::ended)
                .forEach(status -> settled.put(
                        status,
                        Counter.builder("messages.settled")
                                .description("messages that reached a final status")
                                .tag("channel", channel)
                                .tag("status", status.name())
                                .register(registry)));
        Stream.of(ErrorType.values())
                .forEach(type -> failures.put(
                        type,
                        Counter.builder("send.failures")
                                .description("failed attempts")
                                .tag("channel", channel)
                                .tag("type", type.name())
                                .register(registry)));
        AFTER_AN_ATTEMPT.forEach(status -> dispatch.put(
                status,
                Timer.builder("dispatch.duration")
                        .description("time from claim to settlement")
                        .tag("channel", channel)
                        .tag("outcome", status.name().toLowerCase(Locale.ROOT))
                        .serviceLevelObjectives(DISPATCH)
                        .register(registry)));
    }

    void accepted() {
        accepted.increment();
    }

    void settled(MessageStatus status) {
        Counter counter = settled.get(status);
        if (counter != null) {
            counter.increment();
        }
    }

    void failed(ErrorType type) {
        Counter counter = failures.get(type);
        if (counter != null) {
            counter.increment();
        }
    }

    void dispatched(MessageStatus outcome, Duration took) {
        Timer timer = dispatch.get(outcome);
        if (timer != null) {
            timer.record(notNegative(took));
        }
    }

    void delivered(Duration took) {
        delivery.record(notNegative(took));
    }

    /** Two machines' clocks may differ, so a duration can be negative. */
    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private static Duration[] seconds(double... seconds) {
        Duration[] durations = new Duration[seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            durations[i] = Duration.ofMillis(Math.round(seconds[i] * 1_000));
        }
        return durations;
    }
}
