package ums.observability;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Thresholds and destination of alerts.
 *
 * @param webhookUrl where an alert is POSTed as JSON ({@code text} first); unset: log and meters only
 * @param minInterval the minimum interval between two alerts of a kind; 5 minutes
 * @param oldestAge the maximum age of the oldest due message; 5 minutes
 * @param minFreeDisk the minimum free space on the disk with {@code ums.home}; 500 MB
 * @param oldestSnapshot how long a transaction may hold back the vacuum horizon; 10 minutes
 */
@ConfigurationProperties("ums.alerts")
public record AlertProperties(
        @Nullable String webhookUrl,
        @DefaultValue("5m") Duration minInterval,
        @DefaultValue("5m") Duration oldestAge,
        @DefaultValue("500MB") DataSize minFreeDisk,
        @DefaultValue("10m") Duration oldestSnapshot) {

    /** An empty value counts as unset, as an empty environment variable sets one. */
    public AlertProperties {
        webhookUrl = webhookUrl == null || webhookUrl.isBlank() ? null : webhookUrl.strip();
        require(webhookUrl == null || isHttp(webhookUrl), "ums.alerts.webhook-url must be an http or https URL");
        require(minInterval.isPositive(), "ums.alerts.min-interval must be more than zero");
        require(oldestAge.isPositive(), "ums.alerts.oldest-age must be more than zero");
        require(!minFreeDisk.isNegative(), "ums.alerts.min-free-disk must not be negative");
        require(oldestSnapshot.isPositive(), "ums.alerts.oldest-snapshot must be more than zero");
    }

    /** Without the URL, which is a secret for services such as Slack. */
    @Override
    public String toString() {
        return "AlertProperties[webhookUrl=" + (webhookUrl == null ? "unset" : "set") + ", minInterval=" + minInterval
                + ", oldestAge=" + oldestAge + ", minFreeDisk=" + minFreeDisk + ", oldestSnapshot=" + oldestSnapshot
                + "]";
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void require(boolean met, String message) {
        if (!met) {
            throw new IllegalArgumentException(message);
        }
    }
}
