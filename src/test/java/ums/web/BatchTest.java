package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Each message of a batch is handled as if it were sent alone. */
class BatchTest extends UmsStory {

    private String key;

    @BeforeEach
    void newClient() {
        key = ums.newKey();
    }

    @Test
    void eachMessageOfABatchGetsTheResultThatItWouldGetAlone() {
        String sender = ums.newKey("{\"client\": \"c-" + UUID.randomUUID() + "\", \"from\": [\"shop@example.com\"]}");
        String from = "Shop <shop@example.com>";
        UUID alone = ums.send(sender, Messages.to("a@example.com", Map.of("from", from)), "Idempotency-Key", "alone")
                .id();
        String to = UUID.randomUUID() + "@example.com";

        Answer answer = batch(
                sender,
                List.of(
                        Messages.to(to, Map.of("from", from)),
                        Messages.to("nobody", Map.of("from", from, "sujbect", "x")),
                        Messages.to("a@example.com", Map.of("from", from, "idempotencyKey", "alone")),
                        Messages.to("b@example.com", Map.of("from", from, "idempotencyKey", "alone")),
                        Messages.to(to, Map.of("from", from, "idempotencyKey", "twice")),
                        Messages.to(to, Map.of("from", from, "idempotencyKey", "twice")),
                        Messages.to(to, Map.of("from", from, "subject", "Another", "idempotencyKey", "twice")),
                        Messages.to(to, Map.of("from", "other@example.com")),
                        "42",
                        Messages.to(to, Map.of("from", from, "idempotencyKey", 42)),
                        Messages.to(to, Map.of("from", from, "idempotencyKey", "")),
                        Messages.to("nobody", Map.of("from", from))));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Content-Length"))
                .isEqualTo(String.valueOf(answer.response().body().length));
        assertThat(answer.json().get("accepted").intValue()).isEqualTo(4);
        assertThat(answer.json().get("rejected").intValue()).isEqualTo(8);
        JsonNode results = answer.json().get("results");
        assertThat(results)
                .extracting(it -> it.get("index").intValue())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(results.get(0).get("status").stringValue()).isEqualTo("ACCEPTED");
        assertThat(results.get(0).has("error")).isFalse();
        assertThat(results.get(0).has("replayed")).isFalse();
        assertThat(code(results.get(1))).isEqualTo("INVALID_MESSAGE");
        assertThat(pointers(results.get(1))).containsExactly("/sujbect");
        assertThat(results.get(2).get("id").stringValue()).isEqualTo(alone.toString());
        assertThat(results.get(2).get("replayed").booleanValue()).isTrue();
        assertThat(code(results.get(3))).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(results.get(3).get("error").get("status").intValue()).isEqualTo(422);
        assertThat(results.get(5).get("id")).isEqualTo(results.get(4).get("id"));
        assertThat(results.get(5).get("replayed").booleanValue()).isTrue();
        assertThat(code(results.get(6))).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(code(results.get(7))).isEqualTo("FROM_NOT_ALLOWED");
        assertThat(code(results.get(8))).isEqualTo("MALFORMED_JSON");
        assertThat(pointers(results.get(9))).containsExactly("/idempotencyKey");
        assertThat(code(results.get(10))).isEqualTo("INVALID_IDEMPOTENCY_KEY");
        assertThat(pointers(results.get(11))).containsExactly("/to/0");
        await().until(() -> ums.inbox(to).size() == 2);

        Answer again = ums.send(sender, Messages.to(to, Map.of("from", from)), "Idempotency-Key", "twice");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void aThousandAreAccepted() {
        Answer answer = batch(key, Collections.nCopies(1_000, Messages.to("a@example.com")));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("accepted").intValue()).isEqualTo(1_000);
        assertThat(answer.json().get("rejected").intValue()).isZero();
        assertThat(answer.json().get("results")).hasSize(1_000);
    }

    @Test
    void moreThanAThousandAreRefusedAndNothingIsStored() {
        Answer answer = batch(key, Collections.nCopies(1_001, Messages.to("a@example.com")));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).containsExactly("/messages");
        assertThat(ums.get(key, "/api/messages").json().get("data")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"messages\": []}", "{\"messages\": {}}", "{\"messages\": null}"})
    void anEnvelopeWithoutMessagesIsRefused(String body) {
        Answer answer = post(key, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.pointers()).containsExactly("/messages");
    }

    @Test
    void anUnknownFieldOfTheEnvelopeIsRefused() {
        Answer answer = post(key, "{\"messages\": [" + Messages.to("a@example.com") + "], \"client\": \"x\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).containsExactly("/client");
        assertThat(post(key, "[]").code()).isEqualTo("MALFORMED_JSON");
    }

    @Test
    void theIdempotencyKeyHeaderIsRefused() {
        Answer answer = post(key, "{\"messages\": [" + Messages.to("a@example.com") + "]}", "Idempotency-Key", "k");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("IDEMPOTENCY_KEY_ON_BATCH");
        assertThat(ums.get(key, "/api/messages").json().get("data")).isEmpty();
    }

    private Answer batch(String sender, List<String> messages) {
        return post(sender, "{\"messages\": [" + String.join(",", messages) + "]}");
    }

    private Answer post(String sender, String body, String... headers) {
        return ums.call(
                "POST", "/api/messages/batch", "Bearer " + sender, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String code(JsonNode result) {
        return result.get("error").get("code").stringValue();
    }

    private static List<String> pointers(JsonNode result) {
        List<String> pointers = new ArrayList<>();
        result.get("error")
                .get("errors")
                .forEach(it -> pointers.add(it.get("pointer").stringValue()));
        return pointers;
    }
}
