package ums.web.guard;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
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
import ums.web.ProblemWriter;

/**
 * Rate limits: a token bucket for each API key, and for each address without one. Buckets are local, so that a request
 * costs no round trip; each process grants the full limit.
 *
 * <p>Responses report the bucket in {@code RateLimit} and {@code RateLimit-Policy}
 * (draft-ietf-httpapi-ratelimit-headers-10): a quota of {@code burst} units that refills within the window in seconds.
 */
@Component
public class RateLimits {

    private static final Problem PROBLEM = Problem.of(
            HttpStatus.TOO_MANY_REQUESTS,
            "RATE_LIMITED",
            "Too many requests; Retry-After says in how many seconds the next one passes.");

    private static final Duration REFUSAL_DELAY = Duration.ofMillis(100);
    private static final String POLICY = "RateLimit-Policy";
    private static final String REMAINING = "RateLimit";

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
     * Acquires one token of a key, and writes the rate-limit headers.
     *
     * @return false if the bucket is empty
     */
    boolean admit(ApiKey key, HttpServletResponse response) {
        ConsumptionProbe probe = keys.of(key.id()).tryConsumeAndReturnRemaining(1);
        writeHeaders(response, probe.getRemainingTokens(), probe.getNanosToWaitForReset());
        return admitted(probe, response);
    }

    /** Acquires one token of an address. */
    boolean admit(String address, HttpServletResponse response) {
        return admitted(addresses.of(address).tryConsumeAndReturnRemaining(1), response);
    }

    /**
     * Acquires a batch's tokens beyond the one of its request. A batch above the bucket's capacity passes while the
     * bucket is full, and leaves it in debt.
     *
     * @param items the batch's number of messages
     * @throws ProblemException 429 if there are not enough tokens; none are acquired then
     */
    public void admitBatch(ApiKey key, int items, HttpServletResponse response) {
        Bucket bucket = keys.of(key.id());
        int needed = Math.min(items, burst);
        if (needed > 1) {
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(needed - 1L);
            if (!probe.isConsumed()) {
                writeHeaders(response, probe.getRemainingTokens(), probe.getNanosToWaitForReset());
                // The next attempt needs its request's token again.
                retryAfter(response, bucket.estimateAbilityToConsume(needed).getNanosToWaitForRefill());
                throw new ProblemException(PROBLEM);
            }
        }
        if (items > burst) {
            bucket.consumeIgnoringRateLimits(items - burst);
        }
        long left = bucket.getAvailableTokens();
        writeHeaders(response, left, bucket.estimateAbilityToConsume(burst).getNanosToWaitForRefill());
    }

    /**
     * Answers 429, late: callers that repeat at once, without heeding Retry-After, would take the others' processors. A request
     * that waits holds a virtual thread and no permit, as {@link AdmissionFilter} comes later.
     */
    static void refuse(HttpServletResponse response, ProblemWriter writer) throws IOException {
        try {
            Thread.sleep(REFUSAL_DELAY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        writer.write(response, PROBLEM);
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void evictIdle() {
        keys.evictFull();
        addresses.evictFull();
    }

    private static boolean admitted(ConsumptionProbe probe, HttpServletResponse response) {
        if (!probe.isConsumed()) {
            retryAfter(response, probe.getNanosToWaitForRefill());
        }
        return probe.isConsumed();
    }

    private void writeHeaders(HttpServletResponse response, long left, long nanosToReset) {
        response.setHeader(POLICY, policy);
        response.setHeader(REMAINING, "\"requests\";r=" + Math.max(0, left) + ";t=" + seconds(nanosToReset));
    }

    private static void retryAfter(HttpServletResponse response, long nanos) {
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, seconds(nanos))));
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }
}
