package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import ums.message.OnUnknown;

class RetryPolicyTest {

    private static final RetryProperties DEFAULTS =
            new RetryProperties(12, Duration.ofSeconds(10), 3, Duration.ofHours(6));

    @Test
    void theWaitGrowsByTheMultiplierUpToItsBound() {
        RetryPolicy policy = new RetryPolicy(DEFAULTS, OnUnknown.RETRY, () -> 0.5);

        assertThat(policy.delay(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.delay(2)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.delay(3)).isEqualTo(Duration.ofSeconds(90));
        assertThat(policy.delay(11)).isEqualTo(Duration.ofHours(6));
        assertThat(policy.delay(10_000)).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void itIsSpreadAtRandomByAQuarter() {
        assertThat(new RetryPolicy(DEFAULTS, OnUnknown.RETRY, () -> 0).delay(1)).isEqualTo(Duration.ofMillis(7_500));
        assertThat(new RetryPolicy(DEFAULTS, OnUnknown.RETRY, () -> 0.999_999).delay(1))
                .isEqualTo(Duration.ofMillis(12_500));
    }
}
