package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** A waiting message shows why, can be canceled, and expires. */
class WaitingMessageTest extends UmsStory {

    @Autowired
    JdbcClient jdbc;

    @Test
    void aScheduledMessageShowsWhyItWaitsUntilItIsCanceled() {
        String key = ums.newKey();
        String at =
                Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS).toString();
        String to = UUID.randomUUID() + "@example.com";
        UUID id = ums.send(key, Messages.to(to, Map.of("scheduledAt", at))).id();
        double before = canceled();

        JsonNode waiting = ums.get(key, "/api/messages/" + id).json().get("waiting");
        assertThat(waiting.get("reason").stringValue()).isEqualTo("SCHEDULED");
        assertThat(waiting.get("until").stringValue()).isEqualTo(at.replace("Z", ".000Z"));
        assertThat(waiting.get("text").stringValue()).isNotBlank();

        assertThat(cancel(ums.newKey(), id).status()).isEqualTo(404);
        assertThat(cancel(key, UUID.randomUUID()).status()).isEqualTo(404);
        Answer canceled = cancel(key, id);
        assertThat(canceled.status()).isEqualTo(200);
        assertThat(canceled.id()).isEqualTo(id);
        assertThat(canceled.json().get("status").stringValue()).isEqualTo("CANCELED");
        assertThat(canceled.json().get("text").stringValue()).isEqualTo("A text");
        assertThat(canceled.json().has("waiting")).isFalse();
        await().until(() -> canceled() == before + 1);

        Answer again = cancel(key, id);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("NOT_CANCELABLE");
        assertThat(again.json().get("detail").stringValue()).contains("CANCELED");
    }

    @Test
    void aSentMessageDoesNotWaitAndCannotBeCanceled() {
        String key = ums.newKey();
        UUID id = ums.send(key, Messages.to("a@example.com")).id();
        await().until(() -> status(key, id).equals("SENT"));

        assertThat(ums.get(key, "/api/messages/" + id).json().has("waiting")).isFalse();
        Answer refused = ums.call("POST", "/api/messages/" + id + "/cancel", "Bearer " + key, "anything".getBytes());
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().get("detail").stringValue()).contains("SENT");
    }

    @Test
    void aMessageThatExpiresWhileItWaitsEnds() {
        String key = ums.newKey();
        Instant at = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        UUID id = ums.send(
                        key,
                        Messages.to(
                                "a@example.com",
                                Map.of("scheduledAt", at.minusMillis(1).toString(), "expiresAt", at.toString())))
                .id();
        jdbc.sql("update outbox set expires_at = now() where aggregate_id = :id")
                .param("id", id)
                .update();

        await().until(() -> status(key, id).equals("EXPIRED"));
    }

    private Answer cancel(String key, UUID id) {
        return ums.call("POST", "/api/messages/" + id + "/cancel", "Bearer " + key, null);
    }

    private String status(String key, UUID id) {
        return ums.get(key, "/api/messages/" + id).json().get("status").stringValue();
    }

    private double canceled() {
        return ums.actuator("/actuator/prometheus")
                .text()
                .lines()
                .filter(it -> it.startsWith(
                        "messages_settled_total{channel=\"email\",provider=\"none\",status=\"CANCELED\"} "))
                .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                .findFirst()
                .orElse(-1);
    }
}
