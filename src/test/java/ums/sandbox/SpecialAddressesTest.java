package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsStory;

/** What callers can try: a live key's mail goes through SMTP here and a test key's does not, and both see the same. */
class SpecialAddressesTest extends UmsStory {

    private final List<UUID> waiting = new ArrayList<>();
    private String key;

    @AfterEach
    void callOffWhatWouldBeTriedAgain() {
        waiting.forEach(it -> ums.call("POST", "/api/messages/" + it + "/cancel", "Bearer " + key, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "test"})
    void anUnknownOutcomeIsReviewedThoughTheInboxHasTheMail(String mode) {
        String to = UUID.randomUUID() + "@Unknown.TEST";

        UUID id = send(mode, Map.of("to", List.of(to), "onUnknown", "REVIEW"), "MANUAL_REVIEW");

        JsonNode message = message(id);
        assertThat(message.at("/lastError/type").stringValue()).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(message.at("/lastError/phase").stringValue()).isEqualTo("FINAL_DOT");
        assertThat(message.at("/lastError/message").stringValue()).startsWith("connection lost");
        assertThat(recipients(id)).containsExactly(tuple(to, "UNKNOWN", null, "inbox"));
        assertThat(timeline(id)).containsExactly(tuple("accepted", null), tuple("review", "UNKNOWN_OUTCOME"));
        assertThat(ums.inbox(to)).hasSize(1);
        assertThat(openFailures(id)).containsExactly("UNKNOWN_OUTCOME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "test"})
    void anUnknownOutcomeIsTriedAgainWhereTheOwnerSaysSo(String mode) {
        UUID id = send(mode, Map.of("to", List.of(UUID.randomUUID() + "@unknown.test")), "RETRY");

        assertThat(message(id).at("/lastError/type").stringValue()).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(message(id).get("nextAttemptAt").isNull()).isFalse();
        assertThat(timeline(id)).containsExactly(tuple("accepted", null), tuple("deferred", "UNKNOWN_OUTCOME"));
        assertThat(openFailures(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "test"})
    void notNowIsTriedAgain(String mode) {
        String to = UUID.randomUUID() + "@deferred.test";

        UUID id = send(mode, Map.of("to", List.of(to)), "RETRY");

        assertThat(message(id).at("/lastError/type").stringValue()).isEqualTo("DEFERRED");
        assertThat(message(id).at("/lastError/phase").stringValue()).isEqualTo("RCPT");
        assertThat(recipients(id)).containsExactly(tuple(to, "PENDING", 450, "inbox"));
        assertThat(timeline(id)).containsExactly(tuple("accepted", null), tuple("deferred", "DEFERRED"));
        assertThat(ums.inbox(to)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "test"})
    void aRefusalFailsAlone(String mode) {
        String refused = UUID.randomUUID() + "@rejected.test";
        String taken = UUID.randomUUID() + "@example.com";

        UUID beside = send(mode, Map.of("to", List.of(refused, taken)), "SENT");
        UUID alone = send(mode, Map.of("to", List.of(refused)), "FAILED");

        assertThat(recipients(beside))
                .containsExactly(tuple(refused, "REFUSED", 550, "inbox"), tuple(taken, "SENT", 250, "inbox"));
        assertThat(openFailures(beside)).containsExactly("REJECTED");
        assertThat(openFailures(alone)).containsExactly("REJECTED");
        assertThat(timeline(alone)).containsExactly(tuple("accepted", null), tuple("failed", "REJECTED"));
        assertThat(ums.inbox(taken)).hasSize(1);
        assertThat(ums.inbox(refused)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "test"})
    void anUnknownOutcomeIsOfAllWhoWereTaken(String mode) {
        String beside = UUID.randomUUID() + "@example.com";
        String unknown = UUID.randomUUID() + "@unknown.test";
        String refused = UUID.randomUUID() + "@rejected.test";
        String deferred = UUID.randomUUID() + "@deferred.test";

        UUID id = send(
                mode,
                Map.of(
                        "to",
                        List.of(beside, refused),
                        "cc",
                        List.of(deferred),
                        "bcc",
                        List.of(unknown),
                        "onUnknown",
                        "REVIEW"),
                "RETRY");

        assertThat(recipients(id))
                .containsExactly(
                        tuple(beside, "UNKNOWN", null, "inbox"),
                        tuple(refused, "REFUSED", 550, "inbox"),
                        tuple(deferred, "PENDING", 450, "inbox"),
                        tuple(unknown, "UNKNOWN", null, "inbox"));
        assertThat(ums.inbox(beside))
                .singleElement()
                .satisfies(it -> assertThat(it.get("to").valueStream().map(JsonNode::stringValue))
                        .containsExactly(beside, unknown));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "test"})
    void whatIsOnlyReportedLaterIsSent(String mode) {
        for (String domain : List.of("bounce.test", "complaint.test", "delayed.test", "sub.rejected.test")) {
            String to = UUID.randomUUID() + "@" + domain;
            send(mode, Map.of("to", List.of(to)), "SENT");
            assertThat(ums.inbox(to)).hasSize(1);
        }
    }

    private UUID send(String mode, Map<String, ?> more, String status) {
        key = ums.newKey("{\"client\": \"special-" + UUID.randomUUID() + "\", \"mode\": \"" + mode + "\"}");
        UUID id = ums.send(key, Messages.to("replaced@example.com", more)).id();
        await().until(() -> message(id).get("status").stringValue(), status::equals);
        if (status.equals("RETRY")) {
            waiting.add(id);
        }
        return id;
    }

    private JsonNode message(UUID id) {
        return ums.admin("GET", "/admin/messages/" + id, null).json();
    }

    private List<Tuple> recipients(UUID id) {
        return message(id)
                .get("recipients")
                .valueStream()
                .map(it -> tuple(
                        it.get("address").stringValue(),
                        it.get("status").stringValue(),
                        it.get("smtpCode").isNull() ? null : it.get("smtpCode").intValue(),
                        it.get("provider").stringValue()))
                .toList();
    }

    /** Each event's type and error. */
    private List<Tuple> timeline(UUID id) {
        return ums.admin("GET", "/admin/messages/" + id + "/events", null)
                .json()
                .get("data")
                .valueStream()
                .map(it -> tuple(
                        it.get("type").stringValue(),
                        it.has("errorType") ? it.get("errorType").stringValue() : null))
                .toList();
    }

    private List<String> openFailures(UUID id) {
        return ums.admin("GET", "/admin/failures?handled=false&limit=1000", null)
                .json()
                .get("data")
                .valueStream()
                .filter(it -> it.get("messageId").stringValue().equals(id.toString()))
                .map(it -> it.get("errorType").stringValue())
                .toList();
    }
}
