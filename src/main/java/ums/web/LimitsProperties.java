package ums.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much a caller may ask for.
 *
 * @param maxRequestSize the longest body of a request; 10 MB
 */
@ConfigurationProperties("ums.limits")
record LimitsProperties(@DefaultValue("10MB") DataSize maxRequestSize) {

    LimitsProperties {
        if (maxRequestSize.toBytes() < 1) {
            throw new IllegalArgumentException("ums.limits.max-request-size must be more than zero");
        }
    }
}
