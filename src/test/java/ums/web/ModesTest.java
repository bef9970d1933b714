package ums.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** A client's live and test keys share nothing but its name. */
class ModesTest extends UmsStory {

    private static final String LATER = "2099-01-01T00:00:00Z";

    private String live;
    private String test;
    private String client;

    @BeforeEach
    void createAKeyOfEachMode() {
        client = "modes-" + UUID.randomUUID();
        live = ums.newKey("{\"client\": \"" + client + "\"}");
        test = ums.newKey("{\"client\": \"" + client + "\", \"mode\": \"test\"}");
    }

    @Test
    void idempotencyKeysAreSeparate() {
        String message = Messages.to("kim@example.com", Map.of("scheduledAt", LATER));
        Answer tested = ums.send(test, message, "Idempotency-Key", "order-42");
        Answer sent = ums.send(live, message, "Idempotency-Key", "order-42");
        String item = message.replaceFirst("\\{", "{\"idempotencyKey\": \"order-42\", ");
        Answer batch = post(live, "/api/messages/batch", "{\"messages\": [" + item + "]}");

        assertThat(tested.status()).isEqualTo(202);
        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.id()).isNotEqualTo(tested.id());
        assertThat(batch.json().at("/results/0/id").stringValue())
                .isEqualTo(sent.id().toString());
        assertThat(ums.send(test, message, "Idempotency-Key", "order-42").id()).isEqualTo(tested.id());
        assertThat(ums.send(live, message, "Idempotency-Key", "order-42").id()).isEqualTo(sent.id());
    }

    @Test
    void neitherSeesNorCancelsTheOthersMessages() {
        UUID ofLive = send(live);
        UUID ofTest = send(test);

        assertThat(listed(live)).containsExactly(ofLive);
        assertThat(listed(test)).containsExactly(ofTest);
        for (Answer answer : List.of(
                ums.get(test, "/api/messages/" + ofLive),
                ums.get(test, "/api/messages/" + ofLive + "/events"),
                post(test, "/api/messages/" + ofLive + "/cancel", ""),
                ums.get(live, "/api/messages/" + ofTest),
                ums.get(live, "/api/messages/" + ofTest + "/events"),
                post(live, "/api/messages/" + ofTest + "/cancel", ""))) {
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(ums.get(live, "/api/messages/" + ofLive).json().get("status").stringValue())
                .isEqualTo("ACCEPTED");
        assertThat(post(test, "/api/messages/" + ofTest + "/cancel", "").status())
                .isEqualTo(200);
    }

    @Test
    void anAdminSeesBothWithTheirModes() {
        UUID ofLive = send(live);
        UUID ofTest = send(test);

        JsonNode list = ums.admin("GET", "/admin/messages?client=" + client, null)
                .json()
                .get("data");
        assertThat(list).extracting(it -> it.get("mode").stringValue()).containsExactly("test", "live");
        assertThat(list)
                .extracting(it -> it.get("id").stringValue())
                .containsExactly(ofTest.toString(), ofLive.toString());
        assertThat(ums.admin("GET", "/admin/messages/" + ofTest, null)
                        .json()
                        .get("mode")
                        .stringValue())
                .isEqualTo("test");
    }

    @Test
    void loansAreSeparateToo() {
        Answer tested = apply(test);
        Answer applied = apply(live);
        assertThat(tested.status()).isEqualTo(201);
        assertThat(applied.status()).isEqualTo(201);
        assertThat(applied.id()).isNotEqualTo(tested.id());
        assertThat(apply(live).id()).isEqualTo(applied.id());

        String ofLive = "/api/loans/" + applied.id();
        assertThat(Stream.of(
                                ums.get(test, ofLive),
                                ums.get(test, ofLive + "/history"),
                                handle(test, applied.id(), "APPROVE"),
                                ums.get(live, "/api/loans/" + tested.id()))
                        .map(Answer::status))
                .containsOnly(404);
        // The same idempotency key for an event in each mode.
        assertThat(handle(test, tested.id(), "APPROVE").status()).isEqualTo(200);
        Answer approved = handle(live, applied.id(), "APPROVE");
        assertThat(approved.status()).isEqualTo(200);
        assertThat(approved.header("Idempotent-Replayed")).isEmpty();
        assertThat(listed(live)).hasSize(1).doesNotContainAnyElementsOf(listed(test));
    }

    private UUID send(String key) {
        return ums.send(key, Messages.to("kim@example.com", Map.of("scheduledAt", LATER)))
                .id();
    }

    private Answer apply(String key) {
        return post(
                key,
                "/api/loans",
                "{\"contractNo\": \"1\", \"customerId\": \"1\", \"customerEmail\": \"kim@example.com\", "
                        + "\"customerName\": \"Kim\", \"principal\": 1000}",
                "Idempotency-Key",
                "apply");
    }

    private Answer handle(String key, UUID loan, String event) {
        return post(
                key, "/api/loans/" + loan + "/events", "{\"event\": \"" + event + "\"}", "Idempotency-Key", "event");
    }

    private Answer post(String key, String path, String body, String... headers) {
        return ums.call("POST", path, "Bearer " + key, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private List<UUID> listed(String key) {
        return ums.get(key, "/api/messages")
                .json()
                .get("data")
                .valueStream()
                .map(it -> UUID.fromString(it.get("id").stringValue()))
                .toList();
    }
}
