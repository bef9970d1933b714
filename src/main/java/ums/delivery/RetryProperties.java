package ums.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a failed attempt is followed by another: exponential backoff, a quarter more or less at random.
 *
 * @param maxAttempts how many attempts a queue entry gets before an operator decides; 12
 * @param initialDelay the wait after the first attempt; 10 seconds
 * @param multiplier the factor by which the wait grows with each attempt; 3
 * @param maxDelay the longest wait; 6 hours
 */
@ConfigurationProperties("ums.retry")
public record RetryProperties(
        @DefaultValue("12") int maxAttempts,
        @DefaultValue("10s") Duration initialDelay,
        @DefaultValue("3") double multiplier,
        @DefaultValue("6h") Duration maxDelay) {

    public RetryProperties {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("ums.retry.max-attempts must be at least 1");
        }
        if (initialDelay.isNegative() || initialDelay.isZero()) {
            throw new IllegalArgumentException("ums.retry.initial-delay must be more than zero");
        }
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException("ums.retry.multiplier must be at least 1");
        }
        if (maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("ums.retry.max-delay must be at least ums.retry.initial-delay");
        }
    }
}
