package ums.web.guard;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import ums.access.ApiKey;
import ums.web.Problem;
import ums.web.ProblemException;

/**
 * How much each caller may still ask for: a token bucket for each API key, and for each address that comes without one.
 * They are this process's own, so that a request costs no round trip; several processes each grant the limit.
 *
 * <p>Callers see where they stand in {@code RateLimit} and {@code RateLimit-Policy}
 * (draft-ietf-httpapi-ratelimit-headers-10): a quota of {@code burst} units that comes back within so many seconds.
 */
@Component
public class RateLimits {

    static final Problem PROBLEM = Problem.of(
            HttpStatus.TOO_MANY_REQUESTS,
            "RATE_LIMITED",
            "Too many requests; Retry-After says in how many seconds the next one passes.");

    private static final String POLICY = "RateLimit-Policy";
    private static final String STANDING = "RateLimit";

    private final Buckets<UUID> keys;
    private final Buckets<String> addresses;
    private final int burst;
    private final String policy;

    @Autowired
    RateLimits(LimitsProperties limits) {
        this(limits, TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimits(LimitsProperties limits, TimeMeter time) {
        this.burst = limits.burst();
        this.keys = new Buckets<>(limits.requestsPerSecond(), burst, time);
        this.addresses = new Buckets<>(limits.requestsPerSecond(), burst, time);
        int window = Math.ceilDiv(burst, limits.requestsPerSecond());
        this.policy = "\"requests\";q=" + burst + ";w=" + window;
    }

    /**
     * Takes one request of a key, and tells in the answer where the key stands.
     *
     * @return false where it is one too many
     */
    boolean admit(ApiKey key, HttpServletResponse response) {
        ConsumptionProbe probe = keys.of(key.id()).tryConsumeAndReturnRemaining(1);
        tell(response, probe.getRemainingTokens(), probe.getNanosToWaitForReset());
        return admitted(probe, response);
    }

    /** Takes one request of an address. */
    boolean admit(String address, HttpServletResponse response) {
        return admitted(addresses.of(address).tryConsumeAndReturnRemaining(1), response);
    }

    /**
     * Takes what a batch costs beyond the one token of its request. One that costs more than the bucket holds passes while
     * that is full, and leaves it in debt.
     *
     * @param items how many messages it has
     * @throws ProblemException where there is not enough left; nothing was taken then
     */
    public void admitBatch(ApiKey key, int items, HttpServletResponse response) {
        Bucket bucket = keys.of(key.id());
        int needed = Math.min(items, burst);
        if (needed > 1) {
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(needed - 1L);
            if (!probe.isConsumed()) {
                tell(response, probe.getRemainingTokens(), probe.getNanosToWaitForReset());
                // The next attempt costs its request's token again.
                retryAfter(response, bucket.estimateAbilityToConsume(needed).getNanosToWaitForRefill());
                throw new ProblemException(PROBLEM);
            }
        }
        if (items > burst) {
            bucket.consumeIgnoringRateLimits(items - burst);
        }
        long left = bucket.getAvailableTokens();
        tell(response, left, bucket.estimateAbilityToConsume(burst).getNanosToWaitForRefill());
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void forgetTheIdle() {
        keys.dropFull();
        addresses.dropFull();
    }

    private static boolean admitted(ConsumptionProbe probe, HttpServletResponse response) {
        if (!probe.isConsumed()) {
            retryAfter(response, probe.getNanosToWaitForRefill());
        }
        return probe.isConsumed();
    }

    private void tell(HttpServletResponse response, long left, long nanosToReset) {
        response.setHeader(POLICY, policy);
        response.setHeader(STANDING, "\"requests\";r=" + Math.max(0, left) + ";t=" + seconds(nanosToReset));
    }

    private static void retryAfter(HttpServletResponse response, long nanos) {
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, seconds(nanos))));
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }
}
