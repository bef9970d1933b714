package ums.loan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Applications and events of loans, with one message to the customer about each event. */
class LoansTest extends UmsStory {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    JdbcClient jdbc;

    @Autowired
    LoanDesk desk;

    private String key;
    private String customer;

    @BeforeEach
    void createALenderAndACustomer() {
        key = ums.newKey("{\"client\": \"lender-" + UUID.randomUUID() + "\", \"name\": \"core banking\"}");
        customer = UUID.randomUUID() + "@example.com";
    }

    @Test
    void anApplicationSendsNoMessage() {
        Answer answer = apply(Map.of());

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/api/loans/" + answer.id());
        JsonNode loan = answer.json();
        assertThat(loan.propertyNames())
                .containsExactly(
                        "id",
                        "contractNo",
                        "customerId",
                        "customerEmail",
                        "customerName",
                        "language",
                        "principal",
                        "status",
                        "createdAt",
                        "updatedAt");
        assertThat(loan.get("status").stringValue()).isEqualTo("APPLIED");
        assertThat(loan.get("language").stringValue()).isEqualTo("ko");
        assertThat(loan.get("principal").longValue()).isEqualTo(10_000_000);
        assertThat(ums.get(key, "/api/loans/" + answer.id()).json()).isEqualTo(loan);
        assertThat(history(answer.id())).isEmpty();
        assertThat(messagesAbout(answer.id())).isZero();
    }

    @Test
    void eachChangeIsInTheHistoryWithItsMessage() {
        UUID loan = apply(Map.of()).id();

        Answer approved = handle(loan, "APPROVE", "good credit");
        assertThat(approved.status()).as(approved.text()).isEqualTo(200);
        assertThat(approved.json().get("status").stringValue()).isEqualTo("APPROVED");
        handle(loan, "DISBURSE", null);

        List<JsonNode> history = history(loan);
        assertThat(history).hasSize(2);
        JsonNode first = history.getFirst();
        assertThat(first.propertyNames())
                .containsExactlyInAnyOrder("from", "to", "event", "by", "reason", "at", "messageId");
        assertThat(first.get("from").stringValue()).isEqualTo("APPLIED");
        assertThat(first.get("to").stringValue()).isEqualTo("APPROVED");
        assertThat(first.get("event").stringValue()).isEqualTo("APPROVE");
        assertThat(first.get("by").stringValue()).isEqualTo("core banking");
        assertThat(first.get("reason").stringValue()).isEqualTo("good credit");
        assertThat(first.get("at")).isEqualTo(approved.json().get("updatedAt"));
        assertThat(history.get(1).get("reason").isNull()).isTrue();

        JsonNode message = message(first);
        assertThat(message.get("reference").stringValue()).isEqualTo("loan:" + loan);
        assertThat(message.get("onUnknown").stringValue()).isEqualTo("REVIEW");
        assertThat(message.get("purpose").stringValue()).isEqualTo("NORMAL");
        assertThat(message.get("from").stringValue()).isEqualTo("UMS <ums@example.com>");
        await().until(() -> ums.inbox(customer).size() == 2);
        // The two messages are sent concurrently, so either may arrive first.
        assertThat(ums.inbox(customer))
                .extracting(it -> it.get("subject").stringValue())
                .filteredOn(it -> it.contains("승인") && it.contains("C-2026-1"))
                .hasSize(1);
    }

    @Test
    void aCustomerWithLanguageEnglishGetsEnglishMessages() {
        UUID loan = apply(Map.of("language", "en")).id();

        handle(loan, "APPROVE", null);

        await().until(() -> ums.inbox(customer).size() == 1);
        JsonNode mail = ums.inbox(customer).getFirst();
        assertThat(mail.get("subject").stringValue()).isEqualTo("Your loan has been approved (contract C-2026-1)");
        assertThat(mail.get("text").stringValue()).contains("Dear 김민수,", "KRW 10,000,000");
    }

    @Test
    void eachMessageHasItsPurpose() {
        Map<String, String> purposes =
                Map.of("MISS_PAYMENT", "COLLECTION", "REFER", "COLLECTION", "CHARGE_OFF", "LEGAL_NOTICE");
        UUID loan = apply(Map.of()).id();
        List<String> events = List.of(
                "APPROVE", "DISBURSE", "MISS_PAYMENT", "CURE", "MISS_PAYMENT", "REFER", "CHARGE_OFF", "PAY_OFF");
        events.forEach(it -> assertThat(handle(loan, it, null).status()).isEqualTo(200));

        for (JsonNode change : history(loan)) {
            assertThat(message(change).get("purpose").stringValue())
                    .isEqualTo(purposes.getOrDefault(change.get("event").stringValue(), "NORMAL"));
        }
        assertThat(history(loan)).hasSize(events.size());
    }

    @Test
    void ofFiftyConcurrentEventsOneChangesTheLoanAndSendsAMessage() throws Exception {
        UUID loan = apply(Map.of()).id();

        List<Answer> answers = fiftyTimes(() -> handle(loan, "APPROVE", null));

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(200).containsOnly(200, 409);
        assertThat(history(loan)).hasSize(1);
        assertThat(messagesAbout(loan)).isEqualTo(1);
        await().until(() -> ums.inbox(customer).size() == 1);
    }

    @Test
    void fiftyConcurrentRepetitionsGetTheSameResponse() throws Exception {
        UUID loan = apply(Map.of()).id();

        List<Answer> answers = fiftyTimes(() -> handle(loan, "APPROVE", null, "Idempotency-Key", "once"));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers)
                .extracting(Answer::json)
                .containsOnly(answers.getFirst().json());
        assertThat(answers)
                .filteredOn(it -> it.header("Idempotent-Replayed").equals("true"))
                .hasSize(49);
        assertThat(messagesAbout(loan)).isEqualTo(1);
    }

    @Test
    void aReplayGetsTheFirstResponseWhateverHappenedSince() {
        UUID loan = apply(Map.of()).id();
        Answer first = handle(loan, "APPROVE", "why", "Idempotency-Key", "k1");
        handle(loan, "DISBURSE", null);

        Answer again = handle(loan, "APPROVE", "why", "Idempotency-Key", "k1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(ums.get(key, "/api/loans/" + loan).json().get("status").stringValue())
                .isEqualTo("ACTIVE");
    }

    @Test
    void aKeyIsForOneRequestAboutOneLoan() {
        UUID loan = apply(Map.of()).id();
        UUID other = apply(Map.of()).id();
        handle(loan, "APPROVE", null, "Idempotency-Key", "k1");

        for (Answer reused : List.of(
                handle(loan, "WITHDRAW", null, "Idempotency-Key", "k1"),
                handle(loan, "APPROVE", "another reason", "Idempotency-Key", "k1"),
                handle(other, "APPROVE", null, "Idempotency-Key", "k1"))) {
            assertThat(reused.status()).isEqualTo(422);
            assertThat(reused.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        }
        assertThat(history(other)).isEmpty();
        // A refused request does not use up its key.
        assertThat(handle(other, "DISBURSE", null, "Idempotency-Key", "k2").status())
                .isEqualTo(409);
        assertThat(handle(other, "APPROVE", null, "Idempotency-Key", "k2").status())
                .isEqualTo(200);
        assertThat(handle(other, "DISBURSE", null, "Idempotency-Key", "x".repeat(256))
                        .code())
                .isEqualTo("INVALID_IDEMPOTENCY_KEY");
    }

    @Test
    void aRepeatedApplicationCreatesNoSecondLoan() throws Exception {
        List<Answer> answers = fiftyTimes(() -> apply(Map.of(), "Idempotency-Key", "application"));

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(200, 201);
        assertThat(answers)
                .extracting(Answer::id)
                .containsOnly(answers.getFirst().id());
        assertThat(apply(Map.of("principal", 1), "Idempotency-Key", "application")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aMessageThatCannotBeAcceptedRollsBackTheEvent() {
        String restricted =
                ums.newKey("{\"client\": \"lender-" + UUID.randomUUID() + "\", \"from\": [\"a@example.com\"]}");
        key = restricted;
        UUID loan = apply(Map.of()).id();

        Answer answer = handle(loan, "APPROVE", null);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("FROM_NOT_ALLOWED");
        assertThat(ums.get(key, "/api/loans/" + loan).json().get("status").stringValue())
                .isEqualTo("APPLIED");
        assertThat(history(loan)).isEmpty();
        assertThat(messagesAbout(loan)).isZero();
    }

    @Test
    void clientsCannotUseALoansIdempotencyKey() {
        UUID loan = apply(Map.of()).id();
        handle(loan, "APPROVE", null);
        String taken = jdbc.sql("""
                        select m.idempotency_key from message m join loan_history h on h.message_id = m.id
                        where h.loan_id = :loan and m.idempotency_key = chr(31) || 'loan:' || h.id
                        """).param("loan", loan).query(String.class).single();

        Answer answer = ums.call(
                "POST",
                "/api/messages/batch",
                "Bearer " + key,
                JSON.writeValueAsBytes(Map.of(
                        "messages",
                        List.of(Map.of(
                                "to",
                                List.of("a@example.com"),
                                "subject",
                                "s",
                                "text",
                                "t",
                                "idempotencyKey",
                                taken)))));

        assertThat(answer.json().get("results").get(0).get("error").get("code").stringValue())
                .isEqualTo("INVALID_IDEMPOTENCY_KEY");
    }

    @Test
    void anotherClientsLoanIsNotFound() {
        UUID loan = apply(Map.of()).id();
        String other = ums.newKey();

        assertThat(ums.get(other, "/api/loans/" + loan).status()).isEqualTo(404);
        assertThat(ums.get(other, "/api/loans/" + loan + "/history").status()).isEqualTo(404);
        key = other;
        assertThat(handle(loan, "APPROVE", null).status()).isEqualTo(404);
        assertThat(handle(UUID.randomUUID(), "APPROVE", null).code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void messagesAboutATestLoanGoToTheInboxOnly() {
        String client = "lender-" + UUID.randomUUID();
        key = ums.newKey("{\"client\": \"" + client + "\", \"mode\": \"test\"}");
        UUID loan = apply(Map.of()).id();

        handle(loan, "APPROVE", null);
        handle(loan, "DISBURSE", null);
        desk.handle(loan, LoanEvent.PAY_OFF, "an admin", "it was a trial");

        await().until(() -> ums.inbox(customer).size() == 3);
        assertThat(areTests(loan)).containsExactly(true, true, true);
    }

    @Test
    void anAdminsEventOnALiveLoanSendsARealMessageAndTestKeysDoNotFindTheLoan() {
        String client = "lender-" + UUID.randomUUID();
        key = ums.newKey("{\"client\": \"" + client + "\"}");
        UUID loan = apply(Map.of()).id();

        desk.handle(loan, LoanEvent.APPROVE, "an admin", "good credit");
        key = ums.newKey("{\"client\": \"" + client + "\", \"mode\": \"test\"}");

        assertThat(handle(loan, "DISBURSE", null).status()).isEqualTo(404);
        assertThat(areTests(loan)).containsExactly(false);
    }

    @Test
    void allFaultsOfAnApplicationAreReportedAtOnce() {
        assertThat(call("/api/loans", "{}").pointers())
                .containsExactlyInAnyOrder(
                        "/contractNo", "/customerId", "/customerEmail", "/customerName", "/principal");
        assertThat(apply(Map.of(
                                "customerEmail", "Kim <kim@example.com>",
                                "customerName", "a\nb",
                                "language", "fr",
                                "principal", 0,
                                "amount", 1))
                        .pointers())
                .containsExactlyInAnyOrder("/customerEmail", "/customerName", "/language", "/principal", "/amount");
        assertThat(apply(Map.of("customerEmail", "kim\u200E@example.com")).pointers())
                .containsExactly("/customerEmail");
        for (Object principal : List.of(-1, 1.5, "10", 1e16, true)) {
            Answer answer = apply(Map.of("principal", principal));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
            assertThat(answer.pointers()).containsExactly("/principal");
        }
        assertThat(call("/api/loans", "{\"principal\": 1e1000000000}").status()).isEqualTo(400);
        assertThat(apply(Map.of("principal", 5e6)).json().get("principal").longValue())
                .isEqualTo(5_000_000);
    }

    @Test
    void anInvalidEventIsReportedAndChangesNothing() {
        UUID loan = apply(Map.of()).id();

        assertThat(call("/api/loans/" + loan + "/events", "{}").pointers()).containsExactly("/event");
        assertThat(call("/api/loans/" + loan + "/events", "{\"event\": \"STEAL\"}")
                        .pointers())
                .containsExactly("/event");
        assertThat(call("/api/loans/" + loan + "/events", "{\"event\": \"APPROVE\", \"reason\": \"\", \"who\": 1}")
                        .pointers())
                .containsExactlyInAnyOrder("/reason", "/who");
        assertThat(call("/api/loans/no-uuid/events", "{\"event\": \"APPROVE\"}").status())
                .isEqualTo(400);
        assertThat(history(loan)).isEmpty();
    }

    private static List<Answer> fiftyTimes(Callable<Answer> request) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : callers.invokeAll(Collections.nCopies(50, request))) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private Answer apply(Map<String, ?> more, String... headers) {
        Map<String, Object> loan = new LinkedHashMap<>(Map.of(
                "contractNo", "C-2026-1",
                "customerId", "42",
                "customerEmail", customer,
                "customerName", "김민수",
                "principal", 10_000_000));
        loan.putAll(more);
        return call("/api/loans", JSON.writeValueAsString(loan), headers);
    }

    private Answer handle(UUID loan, String event, @Nullable String reason, String... headers) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("event", event);
        if (reason != null) {
            body.put("reason", reason);
        }
        return call("/api/loans/" + loan + "/events", JSON.writeValueAsString(body), headers);
    }

    private Answer call(String path, String body, String... headers) {
        return ums.call("POST", path, "Bearer " + key, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private List<JsonNode> history(UUID loan) {
        return ums.get(key, "/api/loans/" + loan + "/history")
                .json()
                .get("data")
                .valueStream()
                .toList();
    }

    private JsonNode message(JsonNode change) {
        return ums.get(key, "/api/messages/" + change.get("messageId").stringValue())
                .json();
    }

    private List<Boolean> areTests(UUID loan) {
        return jdbc.sql("select test from message where reference = :reference order by id")
                .param("reference", "loan:" + loan)
                .query(Boolean.class)
                .list();
    }

    private int messagesAbout(UUID loan) {
        return ums.get(key, "/api/messages?reference=loan:" + loan)
                .json()
                .get("data")
                .size();
    }
}
