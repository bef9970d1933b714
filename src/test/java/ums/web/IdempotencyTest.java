package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import ums.Messages;
import ums.RawHttp;
import ums.UmsClient.Answer;
import ums.UmsStory;

class IdempotencyTest extends UmsStory {

    @Test
    void ofTwoHundredConcurrentRequestsOneCreatesTheMessageAndTheOthersAreReplays() throws Exception {
        String key = ums.newKey();
        String to = UUID.randomUUID() + "@example.com";
        Callable<Answer> request = () -> ums.send(key, Messages.to(to), "Idempotency-Key", "order-42");

        List<Answer> answers;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = callers
                    .invokeAll(IntStream.range(0, 200).mapToObj(_ -> request).toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        Map<Integer, Long> byStatus =
                answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(byStatus).isEqualTo(Map.of(202, 1L, 200, 199L));
        assertThat(answers.stream().map(Answer::text).distinct()).hasSize(1);
        assertThat(answers)
                .filteredOn(it -> it.status() == 200)
                .allSatisfy(it -> assertThat(it.header("Idempotent-Replayed")).isEqualTo("true"));
        assertThat(ums.get(key, "/api/messages").json().get("data")).hasSize(1);
        String path = "/api/messages/" + answers.getFirst().id();
        await().until(() ->
                ums.get(key, path).json().get("status").stringValue().equals("SENT"));
        assertThat(ums.inbox(to)).hasSize(1);
    }

    @Test
    void equalJsonInAnotherOrderAndSpellingIsTheSameRequest() {
        String key = ums.newKey();
        Answer first =
                ums.send(key, "{\"to\":[\"a@example.com\"],\"subject\":\"가\",\"text\":\"t\"}", "Idempotency-Key", "k");
        Answer second = ums.send(
                key,
                "{ \"text\": \"t\",\n \"subject\": \"\\uac00\", \"to\": [\"a@example.com\"] }",
                "Idempotency-Key",
                "k");

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        String key = ums.newKey();
        ums.send(key, Messages.to("a@example.com"), "Idempotency-Key", "k");

        Answer second = ums.send(key, Messages.to("b@example.com"), "Idempotency-Key", "k");

        assertThat(second.status()).isEqualTo(422);
        assertThat(second.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(ums.get(key, "/api/messages").json().get("data")).hasSize(1);
    }

    @Test
    void keysAreSeparatePerClient() {
        Answer one = ums.send(ums.newKey(), Messages.to("a@example.com"), "Idempotency-Key", "k");
        Answer another = ums.send(ums.newKey(), Messages.to("a@example.com"), "Idempotency-Key", "k");

        assertThat(another.status()).isEqualTo(202);
        assertThat(another.id()).isNotEqualTo(one.id());
    }

    @Test
    void aRepetitionAfterTheMessagesExpiryIsStillAReplay() {
        String key = ums.newKey();
        String body = Messages.to(
                "a@example.com",
                Map.of("expiresAt", java.time.Instant.now().plusMillis(1500).toString()));
        assertThat(ums.send(key, body, "Idempotency-Key", "k").status()).isEqualTo(202);

        await().until(() -> ums.send(key, body).status() == 400);

        assertThat(ums.send(key, body, "Idempotency-Key", "k").status()).isEqualTo(200);
    }

    @Test
    void anEmptyOrLongKeyIsRefused() {
        String key = ums.newKey();

        assertThat(ums.send(key, Messages.to("a@example.com"), "Idempotency-Key", "k".repeat(255))
                        .status())
                .isEqualTo(202);
        Answer tooLong = ums.send(key, Messages.to("a@example.com"), "Idempotency-Key", "k".repeat(256));
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.code()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
    }

    @Test
    void aNonAsciiKeyIsTheSameKeyInTheHeaderAndInABatch() throws Exception {
        String key = ums.newKey();
        for (String named : List.of("결제-7", "주문-1", "注文", "café", "\ud83c\udf89", "\ud83c\udf89".repeat(255))) {
            String first = post(key, "/api/messages", utf8(named), Messages.to("a@example.com"));
            assertThat(RawHttp.status(first)).as(first).isEqualTo(202);

            Answer batch = ums.call(
                    "POST",
                    "/api/messages/batch",
                    "Bearer " + key,
                    ("{\"messages\": [" + Messages.to("a@example.com", Map.of("idempotencyKey", named)) + "]}")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(batch.json().get("results").get(0).path("replayed").asBoolean(false))
                    .as(named)
                    .isTrue();
            assertThat(first)
                    .contains(batch.json().get("results").get(0).get("id").stringValue());
        }
        assertThat(ums.get(key, "/api/messages").json().get("data")).hasSize(6);
    }

    @Test
    void aKeyThatIsNoUtf8OrHoldsAControlCharacterIsRefusedWhereverItIsRead() throws Exception {
        String key = ums.newKey();
        String loan = "/api/loans/" + UUID.randomUUID() + "/events";
        for (String path : List.of("/api/messages", "/api/loans", loan)) {
            for (String octets :
                    List.of("k\u00e9", "\u00c0\u00af", "\u00ed\u00a0\u0080", utf8("k\u0085"), utf8("가".repeat(256)))) {
                String answer = post(key, path, octets, Messages.to("a@example.com"));
                assertThat(RawHttp.status(answer)).as(path + "\n" + answer).isEqualTo(400);
                assertThat(answer).contains("\"INVALID_IDEMPOTENCY_KEY\"");
            }
        }
        assertThat(post(key, "/api/messages", "k\u00e9", Messages.to("a@example.com")))
                .contains("must be UTF-8, and its octet 2 begins no character");
        assertThat(post(key, "/api/messages/batch", utf8("결제-7"), "{}")).contains("\"IDEMPOTENCY_KEY_ON_BATCH\"");
    }

    /** Sends a header given as octets (ISO 8859-1). */
    private String post(String key, String path, String octets, String body) throws IOException {
        try (RawHttp connection = new RawHttp(ums.port())) {
            return connection
                    .send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\nAuthorization: Bearer " + key + "\r\nIdempotency-Key: "
                            + octets + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .readAll();
        }
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
