package ums.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import ums.UmsClient.Answer;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageStatus;
import ums.message.Settled;
import ums.retention.Retention;

/** A failed message leaves an open failure, which an admin resolves. */
class FailuresTest extends FailureStory {

    @Autowired
    Failures failures;

    @Autowired
    Retention retention;

    @Autowired
    FailureRecorder recorder;

    @Test
    void aFailedMessageLeavesOneOpenFailure() {
        UUID id = failed();

        JsonNode failure = open(id);

        assertThat(failure.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "messageId",
                        "outboxId",
                        "errorType",
                        "provider",
                        "code",
                        "smtpCode",
                        "errorMessage",
                        "attemptCount",
                        "occurredAt",
                        "handled",
                        "handledBy",
                        "handledAt",
                        "resolution");
        assertThat(failure.get("errorType").stringValue()).isEqualTo("REJECTED");
        assertThat(failure.get("smtpCode").intValue()).isEqualTo(550);
        assertThat(failure.get("errorMessage").stringValue()).contains("No such user");
        assertThat(failure.get("attemptCount").intValue()).isEqualTo(1);
        assertThat(failure.get("outboxId").longValue()).isPositive();
        assertThat(failure.get("handled").booleanValue()).isFalse();
        assertThat(failure.get("handledBy").isNull()).isTrue();
        assertThat(ums.admin("GET", "/admin/failures/" + failure.get("id").stringValue(), null)
                        .json())
                .isEqualTo(failure);
    }

    @Test
    void aMessageInReviewLeavesOneOpenFailure() {
        assertThat(open(usedUp()).get("errorType").stringValue()).isEqualTo("DEFERRED");
        assertThat(open(unknown()).get("errorType").stringValue()).isEqualTo("UNKNOWN_OUTCOME");
    }

    @Test
    void aFailureIsWrittenInTheTransactionThatSettles() {
        UUID id = UUID.randomUUID();

        transaction.executeWithoutResult(status -> {
            recorder.onSettled(settled(id, 1));
            assertThat(openRows(id)).isEqualTo(1);
            status.setRollbackOnly();
        });

        assertThat(openRows(id)).isZero();
    }

    @Test
    void aMessageHasOneOpenFailureAtMost() {
        UUID id = UUID.randomUUID();

        transaction.executeWithoutResult(_ -> recorder.onSettled(settled(id, 1)));
        transaction.executeWithoutResult(_ -> recorder.onSettled(settled(id, 2)));

        assertThat(open(id).get("attemptCount").intValue()).isEqualTo(2);
    }

    @Test
    void failuresAreListedNewestFirstByTypeAndState() {
        UUID refused = failed();
        UUID review = usedUp();
        resolve(open(refused), Decision.ABANDON);

        assertThat(list("handled=false")).extracting(FailuresTest::messageId).containsExactly(review);
        assertThat(list("handled=true")).extracting(FailuresTest::messageId).containsExactly(refused);
        assertThat(list("")).extracting(FailuresTest::messageId).containsExactly(review, refused);
        assertThat(list("type=REJECTED")).extracting(FailuresTest::messageId).containsExactly(refused);
        JsonNode first = ums.admin("GET", "/admin/failures?limit=1", null).json();
        JsonNode second = ums.admin(
                        "GET",
                        "/admin/failures?limit=1&cursor="
                                + first.get("nextCursor").stringValue(),
                        null)
                .json();
        assertThat(messageId(second.get("data").get(0))).isEqualTo(refused);
        assertThat(second.get("nextCursor").isNull()).isTrue();
        assertThat(ums.admin("GET", "/admin/failures?type=BAD", null).status()).isEqualTo(400);
    }

    @Test
    void aMessageInReviewIsMarkedAsSent() {
        UUID id = unknown();
        JsonNode failure = open(id);
        double before = settledAs("SENT");

        Answer answer = resolve(failure, Decision.MARK_SENT);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("resolution").stringValue()).isEqualTo("MARK_SENT");
        JsonNode message = message(id);
        assertThat(message.get("status").stringValue()).isEqualTo("SENT");
        assertThat(message.get("sentAt").isNull()).isFalse();
        assertThat(message.get("recipients").get(0).get("status").stringValue()).isEqualTo("SENT");
        assertThat(timeline(id)).containsExactly("accepted", "review", "resolved");
        assertThat(audit(failure.get("id").stringValue()))
                .extracting(it -> it.get("action").stringValue())
                .containsExactly("failure.mark-sent");
        assertThat(settledAs("SENT")).isEqualTo(before + 1);
        assertThat(ums.get(key, "/api/messages/" + id + "/events").text())
                .contains("MARK_SENT")
                .doesNotContain("asked the customer");
    }

    @Test
    void aMessageInReviewIsAbandoned() {
        UUID id = usedUp();

        assertThat(resolve(open(id), Decision.ABANDON).status()).isEqualTo(200);

        assertThat(message(id).get("status").stringValue()).isEqualTo("FAILED");
        assertThat(timeline(id)).endsWith("review", "resolved");
        assertThat(list("handled=false")).isEmpty();
    }

    @Test
    void abandoningAFailedMessageOnlyHandlesIt() {
        UUID id = failed();
        JsonNode failure = open(id);
        double before = settledAs("FAILED");

        assertThat(resolve(failure, Decision.ABANDON).json().get("resolution").stringValue())
                .isEqualTo("ABANDON");

        assertThat(message(id).get("status").stringValue()).isEqualTo("FAILED");
        assertThat(settledAs("FAILED")).isEqualTo(before);
        assertThat(audit(failure.get("id").stringValue())).hasSize(1);
    }

    @Test
    void onlyAMessageInReviewCanBeMarkedAsSent() {
        UUID id = failed();

        Answer answer = resolve(open(id), Decision.MARK_SENT);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("NOT_IN_REVIEW");
        assertThat(message(id).get("status").stringValue()).isEqualTo("FAILED");
        open(id);
    }

    @Test
    void aFailureThatNeedsNoDecisionAnyMoreIsClosedByUms() {
        UUID id = unknown();
        UUID failure = UUID.fromString(open(id).get("id").stringValue());

        transaction.executeWithoutResult(
                _ -> assertThat(failures.close(id, "LATE_SUCCESS")).isTrue());

        SendFailure closed = failures.find(failure).orElseThrow();
        assertThat(closed.handledBy()).isEqualTo("ums");
        assertThat(closed.resolution()).isEqualTo("LATE_SUCCESS");
        transaction.executeWithoutResult(
                _ -> assertThat(failures.close(id, "LATE_SUCCESS")).isFalse());
    }

    @Test
    void anOpenFailureKeepsItsMessageAndAHandledOneIsRemovedWithIt() {
        UUID open = failed();
        UUID handled = failed();
        resolve(open(handled), Decision.ABANDON);
        jdbc.sql("""
                        update message set created_at = now() - interval '100 days', updated_at = now() - interval '99 days'
                        where id in (:ids)
                        """).param("ids", List.of(open, handled)).update();

        retention.run();

        assertThat(message(open).get("status").stringValue()).isEqualTo("FAILED");
        assertThat(ums.admin("GET", "/admin/messages/" + handled, null).status())
                .isEqualTo(404);
        assertThat(list("")).extracting(FailuresTest::messageId).containsExactly(open);
    }

    private int openRows(UUID messageId) {
        return jdbc.sql("select count(*) from send_failure where message_id = :id and not handled")
                .param("id", messageId)
                .query(Integer.class)
                .single();
    }

    private static List<AttemptSettled> settled(UUID id, int attempt) {
        Failure error = new Failure(ErrorType.REJECTED, "550", "RCPT", "no");
        return List.of(Settled.one(id, MessageStatus.FAILED, attempt, error, null));
    }

    private double settledAs(String status) {
        String meter = "messages_settled_total{channel=\"email\",provider=\"none\",status=\"" + status + "\"} ";
        return ums.actuator("/actuator/prometheus")
                .text()
                .lines()
                .filter(it -> it.startsWith(meter))
                .mapToDouble(it -> Double.parseDouble(it.substring(meter.length())))
                .findFirst()
                .orElseThrow();
    }

    private static UUID messageId(JsonNode failure) {
        return UUID.fromString(failure.get("messageId").stringValue());
    }
}
