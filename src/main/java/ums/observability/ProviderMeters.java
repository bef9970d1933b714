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
 * The meters of one channel's attempts at one provider, all registered at the start: a counter that first appears with its first event hides that
 * event from a rate. They are cached here, as looking up a meter by its tags costs more than incrementing it.
 */
final class ProviderMeters {

    /** The tag of what ended at no provider: canceled, expired, decided. */
    static final String NONE = "none";

    private static final Set<MessageStatus> AFTER_AN_ATTEMPT =
            EnumSet.of(MessageStatus.SENT, MessageStatus.RETRY, MessageStatus.FAILED, MessageStatus.MANUAL_REVIEW);

    /** From a provider nearby to an attempt that times out. */
    private static final Duration[] DISPATCH =
            seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90);

    private final Map<MessageStatus, Counter> settled = new EnumMap<>(MessageStatus.class);
    private final Map<ErrorType, Counter> failures = new EnumMap<>(ErrorType.class);
    private final Map<MessageStatus, Timer> dispatch = new EnumMap<>(MessageStatus.class);

    /** @param provider the account's id, or {@link #NONE} */
    ProviderMeters(MeterRegistry registry, String channel, String provider) {
        Stream.of(MessageStatus.values())
                .filter(MessageStatus::ended)
                .forEach(status -> settled.put(
                        status,
                        Counter.builder("messages.settled")
                                .description("messages that reached a final status")
                                .tag("channel", channel)
                                .tag("provider", provider)
                                .tag("status", status.name())
                                .register(registry)));
        Stream.of(ErrorType.values())
                .forEach(type -> failures.put(
                        type,
                        Counter.builder("send.failures")
                                .description("failed attempts")
                                .tag("channel", channel)
                                .tag("provider", provider)
                                .tag("type", type.name())
                                .register(registry)));
        AFTER_AN_ATTEMPT.forEach(status -> dispatch.put(
                status,
                Timer.builder("dispatch.duration")
                        .description("time from claim to settlement")
                        .tag("channel", channel)
                        .tag("provider", provider)
                        .tag("outcome", status.name().toLowerCase(Locale.ROOT))
                        .serviceLevelObjectives(DISPATCH)
                        .register(registry)));
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

    /** Two machines' clocks may differ, so a duration can be negative. */
    static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    static Duration[] seconds(double... seconds) {
        Duration[] durations = new Duration[seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            durations[i] = Duration.ofMillis(Math.round(seconds[i] * 1_000));
        }
        return durations;
    }
}
