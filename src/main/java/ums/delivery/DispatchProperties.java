package ums.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this process claims from the queue.
 *
 * @param concurrency how many messages may be in flight in this process; 64
 * @param pollInterval how often an idle process polls the queue without a signal; 5 seconds
 * @param staleAfter the age at which a claim is rescued, whatever its owner; 2 minutes
 * @param heartbeatTimeout the heartbeat age at which a process is declared dead and its claims are rescued; 15 seconds, at most
 *     {@code staleAfter}
 */
@ConfigurationProperties("ums.dispatch")
public record DispatchProperties(
        @DefaultValue("64") int concurrency,
        @DefaultValue("5s") Duration pollInterval,
        @DefaultValue("2m") Duration staleAfter,
        @DefaultValue("15s") Duration heartbeatTimeout) {

    public DispatchProperties {
        require(concurrency >= 1 && concurrency <= 10_000, "ums.dispatch.concurrency must be from 1 to 10000");
        require(positive(pollInterval), "ums.dispatch.poll-interval must be more than zero");
        require(
                staleAfter.compareTo(Duration.ofSeconds(1)) >= 0,
                "ums.dispatch.stale-after must be at least one second");
        require(positive(heartbeatTimeout), "ums.dispatch.heartbeat-timeout must be more than zero");
        require(
                heartbeatTimeout.compareTo(staleAfter) <= 0,
                "ums.dispatch.heartbeat-timeout must be at most ums.dispatch.stale-after");
    }

    /** How long an attempt may take: it is cut off in time to be settled before its claim is stale. */
    Duration attemptTimeout() {
        return staleAfter.multipliedBy(3).dividedBy(4);
    }

    private static boolean positive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
