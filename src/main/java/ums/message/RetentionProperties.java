package ums.message;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long what is done is kept.
 *
 * @param messages how long ended messages stay in the ledger; 90 days
 * @param outbox how long published orders stay in the queue's table; 7 days
 */
@ConfigurationProperties("ums.retention")
public record RetentionProperties(
        @DefaultValue("90d") Duration messages,
        @DefaultValue("7d") Duration outbox) {

    public RetentionProperties {
        if (messages.isNegative() || messages.isZero()) {
            throw new IllegalArgumentException("ums.retention.messages must be more than zero");
        }
        if (outbox.isNegative() || outbox.isZero()) {
            throw new IllegalArgumentException("ums.retention.outbox must be more than zero");
        }
    }
}
