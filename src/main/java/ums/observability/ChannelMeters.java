package ums.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of one channel. They are registered at the start and cached here, as those of {@link ProviderMeters}. */
final class ChannelMeters {

    /** From immediately to the last retry: those to a full mailbox go on for days. */
    private static final Duration[] DELIVERY = ProviderMeters.seconds(
            0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400);

    private final Counter accepted;
    private final Timer delivery;

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
    }

    void accepted() {
        accepted.increment();
    }

    void delivered(Duration took) {
        delivery.record(ProviderMeters.notNegative(took));
    }
}
