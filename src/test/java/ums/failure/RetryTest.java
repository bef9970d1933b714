package ums.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.provider.smtp.ScriptedSmtpServer;

/** An admin has failed messages sent again. */
class RetryTest extends FailureStory {

    @Autowired
    Failures failures;

    @Test
    void aFailedMessageIsSentAgainAndArrives() {
        UUID id = failed();
        String to = message(id).get("to").get(0).stringValue();
        JsonNode failure = open(id);

        Answer answer = retry(failure);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode handled = answer.json();
        assertThat(handled.get("handled").booleanValue()).isTrue();
        assertThat(handled.get("handledBy").stringValue()).isEqualTo("admin");
        assertThat(handled.get("handledAt").isNull()).isFalse();
        assertThat(handled.get("resolution").stringValue()).isEqualTo("RETRIED");
        awaitStatus(id, "SENT");
        assertThat(taken(to)).containsExactly(1L);
        assertThat(message(id).get("attemptCount").intValue()).isEqualTo(2);
        assertThat(timeline(id)).containsExactly("accepted", "failed", "retried", "sent");
        assertThat(jdbc.sql("select count(*) from outbox where aggregate_id = :id and published")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void aRetryIsInTheAuditLogWithAdminAndReason() {
        JsonNode failure = open(failed());

        retry(failure);

        List<JsonNode> entries = audit(failure.get("id").stringValue());
        assertThat(entries).hasSize(1);
        JsonNode entry = entries.getFirst();
        assertThat(entry.get("who").stringValue()).isEqualTo("admin");
        assertThat(entry.get("action").stringValue()).isEqualTo("failure.retry");
        assertThat(entry.get("reason").stringValue()).isEqualTo("the mailbox exists now");
        assertThat(entry.get("target").stringValue())
                .contains(failure.get("messageId").stringValue());
    }

    @Test
    void aRetryHasAllAttemptsAgainAndTheCountGoesOn() {
        UUID id = usedUp();
        assertThat(message(id).get("attemptCount").intValue()).isEqualTo(2);
        provider.on("RCPT", ScriptedSmtpServer.says("451 no"), ScriptedSmtpServer.says("451 no"));
        JsonNode first = open(id);

        retry(first);
        awaitStatus(id, "MANUAL_REVIEW");

        await().until(() -> message(id).get("attemptCount").intValue() == 4);
        JsonNode second = open(id);
        assertThat(second.get("id")).isNotEqualTo(first.get("id"));
        assertThat(second.get("attemptCount").intValue()).isEqualTo(4);
    }

    @Test
    void aMessageWithAnUnknownOutcomeIsSentAgain() {
        UUID id = unknown();
        String to = message(id).get("to").get(0).stringValue();

        assertThat(retry(open(id)).status()).isEqualTo(200);

        awaitStatus(id, "SENT");
        assertThat(taken(to)).containsExactly(2L);
    }

    @Test
    void onlyRefusedRecipientsAreSentItAgain() {
        String first = UUID.randomUUID() + "@example.com";
        String second = UUID.randomUUID() + "@example.com";
        UUID id = sentToTheFirstOf(first, second);
        assertThat(taken(first, second)).containsExactly(1L, 0L);
        JsonNode failure = open(id);
        assertThat(failure.get("errorType").stringValue()).isEqualTo("REJECTED");

        assertThat(retry(failure).status()).isEqualTo(200);

        await().until(() -> taken(second).equals(List.of(1L)));
        awaitStatus(id, "SENT");
        assertThat(taken(first, second)).containsExactly(1L, 1L);
        assertThat(list("handled=false")).isEmpty();
    }

    @Test
    void theSecondAdminIsToldThatItIsHandled() {
        JsonNode failure = open(failed());
        retry(failure);

        Answer second = retry(failure);

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("ALREADY_HANDLED");
        assertThat(resolve(failure, Decision.ABANDON).code()).isEqualTo("ALREADY_HANDLED");
    }

    @Test
    void ofManyAdminsAtOnceExactlyOneWins() throws Exception {
        UUID id = failed();
        JsonNode failure = open(id);
        String to = message(id).get("to").get(0).stringValue();

        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService admins = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> one = () -> retry(failure).status();
            for (Future<Integer> answer : admins.invokeAll(Collections.nCopies(8, one))) {
                statuses.add(answer.get());
            }
        }

        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
        awaitStatus(id, "SENT");
        assertThat(taken(to)).containsExactly(1L);
        assertThat(audit(failure.get("id").stringValue())).hasSize(1);
    }

    @Test
    void anExpiredMessageIsNotRetriedAndNothingIsChanged() {
        UUID id = failed();
        expire(id);
        JsonNode failure = open(id);

        Answer answer = retry(failure);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("MESSAGE_EXPIRED");
        assertThat(open(id).get("handled").booleanValue()).isFalse();
        assertThat(audit(failure.get("id").stringValue())).isEmpty();
        assertThat(timeline(id)).containsExactly("accepted", "failed");
    }

    /** A later release wrote it: an earlier one would send it without what it does not know. */
    @Test
    void aRetriedMessageIsLeftToProcessesThatKnowItsForm() {
        UUID id = failed();
        jdbc.sql("update message_content set form = 2 where message_id = :id")
                .param("id", id)
                .update();

        Answer answer = retry(open(id));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(jdbc.sql("select form from outbox where aggregate_id = :id and state <> 'DONE'")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        // The other stories begin with an empty queue.
        jdbc.sql("update outbox set form = 1 where aggregate_id = :id")
                .param("id", id)
                .update();
        awaitStatus(id, "SENT");
    }

    @Test
    void aMessageWithUnreadableContentIsInReviewAndNotRetried() {
        UUID bad = waiting();
        UUID good = waiting();
        jdbc.sql("update message_content set content = '{' where message_id = :id")
                .param("id", bad)
                .update();

        due(bad, good);

        awaitStatus(good, "SENT");
        awaitStatus(bad, "MANUAL_REVIEW");
        JsonNode failure = open(bad);
        assertThat(failure.get("errorType").stringValue()).isEqualTo("INVALID");
        assertThat(failure.get("errorMessage").stringValue()).contains("content cannot be read");

        Answer answer = retry(failure);

        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("MESSAGE_UNREADABLE");
        assertThat(open(bad).get("id")).isEqualTo(failure.get("id"));
        assertThat(audit(failure.get("id").stringValue())).isEmpty();
        assertThat(timeline(bad)).containsExactly("accepted", "review");

        assertThat(resolve(failure, Decision.ABANDON).status()).isEqualTo(200);
        assertThat(message(bad).get("status").stringValue()).isEqualTo("FAILED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'LATER'",
                "purpose = 'LATER'",
                "priority = 'LATER'",
                "on_unknown = 'LATER'",
                "recipients = '{}'"
            })
    void aMessageWithAColumnThatNoAttemptCanReadIsNotRetried(String unreadable) {
        String column = unreadable.substring(0, unreadable.indexOf(' '));
        UUID id = failed();
        JsonNode failure = open(id);
        jdbc.sql("alter table message drop constraint if exists message_" + column + "_check")
                .update();
        jdbc.sql("update message set " + unreadable + " where id = :id")
                .param("id", id)
                .update();

        Answer answer = retry(failure);

        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("MESSAGE_UNREADABLE");
        assertThat(answer.text()).contains(column);
        assertThat(open(id)).isEqualTo(failure);
        assertThat(audit(failure.get("id").stringValue())).isEmpty();
        assertThat(timeline(id)).containsExactly("accepted", "failed");

        assertThat(resolve(failure, Decision.ABANDON).status()).isEqualTo(200);
        assertThat(message(id).get("status").stringValue()).isEqualTo("FAILED");
    }

    @Test
    void aQueuedMessageIsNotQueuedTwice() {
        UUID id = failed();
        jdbc.sql("""
                        insert into outbox (aggregate_id, channel, priority, state, created_at, next_attempt_at)
                        values (:id, 'email', 1, 'DELAYED', now(), now() + interval '1 day')
                        """).param("id", id).update();

        assertThat(retry(open(id)).code()).isEqualTo("NOT_RETRYABLE");
    }

    @Test
    void aRetryIsAllOrNothing() {
        UUID id = failed();
        UUID failure = UUID.fromString(open(id).get("id").stringValue());

        transaction.executeWithoutResult(status -> {
            failures.retry(failure, "kim", "to be rolled back");
            status.setRollbackOnly();
        });

        assertThat(open(id).get("handled").booleanValue()).isFalse();
        assertThat(message(id).get("status").stringValue()).isEqualTo("FAILED");
        assertThat(audit(failure.toString())).isEmpty();
        assertThat(jdbc.sql("select count(*) from outbox where aggregate_id = :id")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void aDecisionNeedsAReason() {
        JsonNode failure = open(failed());

        for (String body : List.of("{}", "{\"reason\": \" \"}", "{\"reason\": \"a\\nb\"}", "{\"reason\": 1}")) {
            Answer answer = decide(failure, "retry", body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.pointers()).contains("/reason");
        }
        assertThat(decide(failure, "resolve", "{\"reason\": \"x\"}").pointers()).containsExactly("/decision");
        assertThat(decide(failure, "resolve", "{\"decision\": \"SHRUG\", \"reason\": \"x\"}")
                        .pointers())
                .containsExactly("/decision");
        assertThat(ums.admin("PATCH", "/admin/failures/" + UUID.randomUUID() + "/retry", "{\"reason\": \"x\"}")
                        .status())
                .isEqualTo(404);
        String path = "/admin/failures/" + failure.get("id").stringValue();
        assertThat(ums.get(key, path).status()).isEqualTo(401);
    }

    @Test
    void aBulkRetrySkipsExpiredMessages() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            provider.on("RCPT", ScriptedSmtpServer.says("550 no"));
            ids.add(ums.send(key, Messages.to("many" + i + "@example.com")).id());
        }
        await().until(() -> list("handled=false&type=REJECTED").size() == 120);
        UUID review = usedUp();
        expire(ids.get(7));

        Answer two = bulk("{\"type\": \"REJECTED\", \"limit\": 2, \"reason\": \"a try\"}");
        assertThat(two.status()).isEqualTo(202);
        assertThat(two.text()).isEqualTo("{\"retried\":2}");
        Answer rest = bulk("{\"type\": \"REJECTED\", \"reason\": \"the provider was mended\"}");
        assertThat(rest.text()).isEqualTo("{\"retried\":117}");

        await().until(() -> ums.get(key, "/api/messages?status=SENT&limit=1000")
                        .json()
                        .get("data")
                        .size()
                == 119);
        assertThat(list("handled=false")).hasSize(2);
        open(review);
        open(ids.get(7));
        JsonNode one = list("handled=true").getFirst();
        assertThat(audit(one.get("id").stringValue()))
                .extracting(it -> it.get("reason").stringValue())
                .containsExactly("the provider was mended");
    }

    @Test
    void aBulkRetryIsLimitedByTimesAndItsBodyIsValidated() {
        UUID id = failed();
        JsonNode failure = open(id);
        String at = failure.get("occurredAt").stringValue();

        assertThat(bulk("{\"to\": \"" + at + "\", \"reason\": \"before it\"}").text())
                .isEqualTo("{\"retried\":0}");
        assertThat(bulk("{\"from\": \"2999-01-01T00:00:00Z\", \"reason\": \"after it\"}")
                        .text())
                .isEqualTo("{\"retried\":0}");
        assertThat(bulk("{\"limit\": 10001, \"type\": \"BAD\", \"from\": \"today\"}")
                        .pointers())
                .containsExactlyInAnyOrder("/limit", "/type", "/from", "/reason");
        assertThat(bulk("{\"from\": \"" + at + "\", \"reason\": \"from it on\"}")
                        .text())
                .isEqualTo("{\"retried\":1}");
    }

    private Answer bulk(String body) {
        return ums.admin("POST", "/admin/failures/retry", body);
    }

    /** Accepted, and scheduled for later than the test; see {@link #due}. */
    private UUID waiting() {
        String later = Instant.now().plus(Duration.ofDays(1)).toString();
        return ums.send(key, Messages.to(UUID.randomUUID() + "@example.com", Map.of("scheduledAt", later)))
                .id();
    }

    private void due(UUID... ids) {
        jdbc.sql("update outbox set next_attempt_at = now() where aggregate_id in (:ids)")
                .param("ids", List.of(ids))
                .update();
    }

    private void expire(UUID id) {
        jdbc.sql("update message set expires_at = now() - interval '1 second' where id = :id")
                .param("id", id)
                .update();
    }
}
