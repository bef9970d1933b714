package ums.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import ums.clock.ClockSkew;

/** How far this process's clock is ahead of the database's, as a gauge: NaN before the first comparison. */
@Component
class ClockGauge {

    private static final double MILLIS = 1_000;

    ClockGauge(MeterRegistry registry, ClockSkew skew) {
        TimeGauge.builder("clock.skew", skew, TimeUnit.SECONDS, ClockGauge::seconds)
                .description("how far this machine's clock is ahead of the database's")
                .strongReference(true)
                .register(registry);
    }

    private static double seconds(ClockSkew skew) {
        return skew.skew().map(it -> it.toMillis() / MILLIS).orElse(Double.NaN);
    }
}
