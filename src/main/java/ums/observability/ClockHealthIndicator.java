package ums.observability;

import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.clock.ClockSkew;

/**
 * Whether this process's clock agrees with the database's: {@code clock} in the health. In no health group, as messages
 * are accepted and sent all the same.
 */
@Component
class ClockHealthIndicator implements HealthIndicator {

    private final ClockSkew skew;

    ClockHealthIndicator(ClockSkew skew) {
        this.skew = skew;
    }

    @Override
    public Health health() {
        Optional<Duration> ahead = skew.skew();
        if (ahead.isEmpty()) {
            return Health.unknown()
                    .withDetail("reason", "this machine's clock was not compared with the database's yet")
                    .build();
        }
        Health.Builder health = ahead.get().abs().compareTo(ClockSkew.BOUND) > 0
                ? Health.status(ProvidersHealthIndicator.DEGRADED).withDetail("reason", describe(ahead.get()))
                : Health.up();
        return health.withDetail("skewSeconds", ahead.get().toMillis() / 1_000.0)
                .withDetail("boundSeconds", ClockSkew.BOUND.toSeconds())
                .build();
    }

    private static String describe(Duration ahead) {
        return "this machine's clock is %s s %s the database's: expiry, scheduled messages, contact hours and retention wait"
                .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of");
    }
}
