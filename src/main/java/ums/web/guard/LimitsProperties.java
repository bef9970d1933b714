package ums.web.guard;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Rate, size and time limits of requests.
 *
 * @param requestsPerSecond the sustained rate for an API key, or an address without one; 200
 * @param burst the capacity of its token bucket; 1,000
 * @param maxRequestSize the maximum length of a request's body; 10 MB
 * @param maxConcurrentRequests how many API requests are processed concurrently, at most half of them of one caller,
 *     and in addition a tenth as many other requests; 500. Others are answered with 503
 * @param readTimeout how long a request's header may take to arrive, and its body, plus a second for each 32 KB; 10 s
 * @param trustedProxies addresses, or ranges in CIDR notation (RFC 4632), whose {@code X-Forwarded-For} is trusted;
 *     none
 */
@ConfigurationProperties("ums.limits")
record LimitsProperties(
        @DefaultValue("200") int requestsPerSecond,
        @DefaultValue("1000") int burst,
        @DefaultValue("10MB") DataSize maxRequestSize,
        @DefaultValue("500") int maxConcurrentRequests,
        @DefaultValue("10s") Duration readTimeout,
        @DefaultValue List<String> trustedProxies) {

    LimitsProperties {
        require(requestsPerSecond >= 1, "ums.limits.requests-per-second must be at least 1");
        require(burst >= 1, "ums.limits.burst must be at least 1");
        require(maxRequestSize.toBytes() >= 1, "ums.limits.max-request-size must be more than zero");
        require(maxConcurrentRequests >= 1, "ums.limits.max-concurrent-requests must be at least 1");
        require(readTimeout.isPositive(), "ums.limits.read-timeout must be more than zero");
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(LimitsProperties::checked);
    }

    /** The trusted proxies, parsed. */
    List<AddressRange> proxies() {
        return trustedProxies.stream().map(AddressRange::parse).toList();
    }

    private static void checked(String range) {
        try {
            AddressRange.parse(range);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ums.limits.trusted-proxies: \"" + range + "\" is no address and no range such as 10.0.0.0/8", e);
        }
    }

    private static void require(boolean met, String message) {
        if (!met) {
            throw new IllegalArgumentException(message);
        }
    }
}
