package ums.retention;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long finished things are kept.
 *
 * @param messages how long ended messages stay in the ledger; 90 days
 * @param outbox how long queue entries that are DONE, and events for Kafka, are kept; 7 days
 * @param audit how long entries of the audit log, and revoked or expired API keys, are kept; a year, at least 30 days
 */
@ConfigurationProperties("ums.retention")
public record RetentionProperties(
        @DefaultValue("90d") Duration messages,
        @DefaultValue("7d") Duration outbox,
        @DefaultValue("365d") Duration audit) {

    /** The database refuses to remove younger entries. */
    private static final Duration LEAST_AUDIT = Duration.ofDays(30);

    public RetentionProperties {
        if (!messages.isPositive()) {
            throw new IllegalArgumentException("ums.retention.messages must be more than zero");
        }
        if (!outbox.isPositive()) {
            throw new IllegalArgumentException("ums.retention.outbox must be more than zero");
        }
        if (audit.compareTo(LEAST_AUDIT) < 0) {
            throw new IllegalArgumentException("ums.retention.audit must be at least 30d");
        }
    }
}
