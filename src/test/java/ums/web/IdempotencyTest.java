package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import ums.UmsClient.Answer;
import ums.UmsStory;

class IdempotencyTest extends UmsStory {

    @Test
    void ofTwoHundredRequestsAtOnceOneMakesTheMessageAndTheOthersAreReplays() throws Exception {
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
    void theSameValuesInAnotherOrderAndSpellingAreTheSameRequest() {
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
    void anotherClientsKeyIsAnotherKey() {
        Answer one = ums.send(ums.newKey(), Messages.to("a@example.com"), "Idempotency-Key", "k");
        Answer another = ums.send(ums.newKey(), Messages.to("a@example.com"), "Idempotency-Key", "k");

        assertThat(another.status()).isEqualTo(202);
        assertThat(another.id()).isNotEqualTo(one.id());
    }

    @Test
    void aRepetitionAfterTheExpiryIsStillAReplay() {
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
}
