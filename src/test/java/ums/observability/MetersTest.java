package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import ums.Messages;
import ums.UmsStory;

class MetersTest extends UmsStory {

    @Test
    void metersCountAMessage() {
        String key = ums.newKey();
        double accepted = value("messages_accepted_total{channel=\"email\"}");
        double sent = value("messages_settled_total{channel=\"email\",provider=\"inbox\",status=\"SENT\"}");
        double latencies = value("delivery_latency_seconds_count{channel=\"email\"}");

        UUID id = ums.send(key, Messages.to("a@example.com")).id();
        await().until(() -> ums.get(key, "/api/messages/" + id)
                .json()
                .get("status")
                .stringValue()
                .equals("SENT"));

        assertThat(value("messages_accepted_total{channel=\"email\"}")).isGreaterThan(accepted);
        await().until(() ->
                value("messages_settled_total{channel=\"email\",provider=\"inbox\",status=\"SENT\"}") > sent);
        await().until(() -> value("delivery_latency_seconds_count{channel=\"email\"}") > latencies);
    }

    @Test
    void metersAreRegisteredBeforeTheirFirstEvent() {
        assertThat(value("claim_failures_total{reason=\"lost\"}")).isNotNegative();
        assertThat(value("messages_settled_total{channel=\"email\",provider=\"inbox\",status=\"FAILED\"}"))
                .isNotNegative();
        assertThat(value("provider_available{channel=\"email\",provider=\"inbox\"}"))
                .isEqualTo(1);
        assertThat(value("provider_connections_limit{channel=\"email\",provider=\"inbox\"}"))
                .isEqualTo(64);
    }

    private double value(String meter) {
        return ums.actuator("/actuator/prometheus")
                .text()
                .lines()
                .filter(it -> it.startsWith(meter + " "))
                .mapToDouble(it -> Double.parseDouble(it.substring(meter.length() + 1)))
                .findFirst()
                .orElse(-1);
    }
}
