package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** An invalid property stops the start and is named; the webhook's URL is secret. */
class AlertPropertiesTest {

    @ParameterizedTest
    @ValueSource(strings = {"hooks.example.com", "ftp://hooks.example.com/", "http:///x", "not a url"})
    void aWebhookIsAnHttpUrl(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(url, Duration.ofMinutes(5)))
                .withMessageContaining("ums.alerts.webhook-url");
    }

    @Test
    void anEmptyWebhookIsUnset() {
        assertThat(properties(" ", Duration.ofMinutes(5)).webhookUrl()).isNull();
    }

    @Test
    void anIntervalMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(null, Duration.ZERO))
                .withMessageContaining("ums.alerts.min-interval");
    }

    @Test
    void toStringHidesTheUrl() {
        assertThat(properties("https://hooks.example.com/services/T0/B0/secret", Duration.ofMinutes(5)))
                .asString()
                .doesNotContain("secret");
    }

    private static AlertProperties properties(@Nullable String url, Duration interval) {
        return new AlertProperties(
                url, interval, Duration.ofMinutes(5), DataSize.ofMegabytes(500), Duration.ofMinutes(10));
    }
}
