package ums.observability.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alerts are delivered, and a failing receiver affects nothing else. */
class AlertWebhookTest {

    private static final Alert ALERT = new Alert(
            AlertKind.CIRCUIT_OPEN,
            true,
            1,
            Instant.parse("2026-12-01T12:00:00Z"),
            Instant.parse("2026-12-01T12:00:01Z"),
            "The circuit is open.");

    private final AtomicInteger failures = new AtomicInteger();
    private WebhookReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void anAlertIsPostedOnceAsJsonForSlack() {
        try (AlertWebhook webhook = webhook(receiver.url())) {
            webhook.send(ALERT);
            await().until(() -> receiver.alerts().size() == 1);
        }

        JsonNode alert = receiver.alerts().getFirst();
        assertThat(alert.propertyNames().iterator().next()).isEqualTo("text");
        assertThat(alert.get("text").stringValue()).contains("The circuit is open.");
        assertThat(alert.get("kind").stringValue()).isEqualTo("CIRCUIT_OPEN");
        assertThat(alert.get("state").stringValue()).isEqualTo("FIRING");
        assertThat(alert.get("count").intValue()).isEqualTo(1);
        assertThat(alert.get("since").stringValue()).isEqualTo("2026-12-01T12:00:00Z");
        assertThat(failures).hasValue(0);
    }

    @Test
    void redirectsAreNotFollowedAndFailuresAreRetriedAndThenCounted() {
        receiver.answers(307);
        try (AlertWebhook webhook = webhook(receiver.url())) {
            webhook.send(ALERT);
            await().until(() -> failures.get() == 1);
        }

        assertThat(receiver.alerts()).hasSize(2);
    }

    @Test
    void anUnresponsiveReceiverBlocksNoCallerAndTheQueueIsBounded() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                AlertWebhook webhook = webhook("http://127.0.0.1:" + silent.getLocalPort() + "/")) {
            Instant begun = Instant.now();
            for (int i = 0; i < 500; i++) {
                webhook.send(ALERT);
            }
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
            assertThat(failures.get()).isBetween(390, 400);
        }
    }

    private AlertWebhook webhook(String url) {
        return new AlertWebhook(URI.create(url), List.of(Duration.ofMillis(1)), failures::incrementAndGet);
    }
}
