package ums.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import ums.channel.ErrorType;

/** The last sample of the queue as gauges: NaN if there is none. Reading a gauge never queries the database. */
@Component
class QueueGauges {

    private static final double UNKNOWN = Double.NaN;
    private static final double MILLIS = 1_000;

    QueueGauges(MeterRegistry registry, QueueSamples samples) {
        backlog(registry, samples, "ready", QueueSample::ready);
        backlog(registry, samples, "delayed", QueueSample::delayed);
        backlog(registry, samples, "processing", QueueSample::processing);
        TimeGauge.builder(
                        "outbox.oldest.age",
                        samples,
                        TimeUnit.SECONDS,
                        it -> value(it, sample -> sample.oldestAge().toMillis() / MILLIS))
                .description("how long the oldest due entry has waited unclaimed")
                .strongReference(true)
                .register(registry);
        Arrays.stream(ErrorType.values())
                .forEach(type -> Gauge.builder(
                                "failures.open",
                                samples,
                                it -> value(it, sample -> sample.openFailures().getOrDefault(type, 0L)))
                        .description("failures that need an operator's decision")
                        .tag("type", type.name())
                        .strongReference(true)
                        .register(registry));
    }

    private static void backlog(
            MeterRegistry registry, QueueSamples samples, String state, ToDoubleFunction<QueueSample> figure) {
        Gauge.builder("outbox.backlog", samples, it -> value(it, figure))
                .description("queue entries that are not DONE")
                .tag("state", state)
                .strongReference(true)
                .register(registry);
    }

    private static double value(QueueSamples samples, ToDoubleFunction<QueueSample> figure) {
        return samples.latest().map(figure::applyAsDouble).orElse(UNKNOWN);
    }
}
