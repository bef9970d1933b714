package ums.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import ums.clock.ClockSkew;

/** By how much this process's clock is ahead of the database's, as a gauge: NaN where they were never compared. */
@Component
class ClockGauge {

    private static final double MILLIS = 1_000;

    ClockGauge(MeterRegistry registry, ClockSkew skew) {
        TimeGauge.builder("clock.skew", skew, TimeUnit.SECONDS, ClockGauge::seconds)
                .description("by how much the clock of this machine is ahead of the database's")
                .strongReference(true)
                .register(registry);
    }

    private static double seconds(ClockSkew skew) {
        return skew.skew().map(it -> it.toMillis() / MILLIS).orElse(Double.NaN);
    }
}
