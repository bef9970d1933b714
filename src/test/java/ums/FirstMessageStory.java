package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A message from end to end, on the PostgreSQL that the subclass provides. */
public abstract class FirstMessageStory extends UmsStory {

    @Test
    void aMessageIsAcceptedSentAndRead() {
        String key = ums.newKey();
        String to = UUID.randomUUID() + "@example.com";

        UmsClient.Answer accepted = ums.send(key, """
                {"to": ["김민수 <%s>"], "cc": ["cc@example.com"], "bcc": ["hidden@example.com"],
                 "from": "샵 <no-reply@shop.example>", "replyTo": "help@shop.example",
                 "subject": "주문이 접수되었습니다", "text": "안녕하세요, 민수님.", "html": "<p>안녕하세요</p>",
                 "headers": {"X-Order": "42"}, "reference": "order:42", "tags": {"team": "orders"}}
                """.formatted(to));

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.json().get("status").stringValue()).isEqualTo("ACCEPTED");
        assertThat(accepted.header("Location")).isEqualTo("/api/messages/" + accepted.id());
        assertThat(accepted.id().version()).isEqualTo(7);

        JsonNode sent = await().until(
                        () -> ums.get(key, accepted.header("Location")).json(),
                        it -> it.get("status").stringValue().equals("SENT"));
        assertThat(sent.get("attemptCount").intValue()).isEqualTo(1);
        assertThat(sent.get("reference").stringValue()).isEqualTo("order:42");
        assertThat(sent.get("tags").get("team").stringValue()).isEqualTo("orders");
        assertThat(sent.get("sentAt").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(sent.get("recipients")).hasSize(3).allSatisfy(it -> {
            assertThat(it.get("status").stringValue()).isEqualTo("SENT");
            assertThat(it.get("smtpCode").intValue()).isEqualTo(250);
        });

        List<JsonNode> mails = ums.inbox(to);
        assertThat(mails).hasSize(1);
        JsonNode mail = mails.getFirst();
        assertThat(mail.get("subject").stringValue()).isEqualTo("주문이 접수되었습니다");
        assertThat(mail.get("text").stringValue()).isEqualTo("안녕하세요, 민수님.");
        assertThat(mail.get("html").stringValue()).isEqualTo("<p>안녕하세요</p>");
        assertThat(mail.get("from").stringValue()).isEqualTo("no-reply@shop.example");
        assertThat(mail.get("headers").get("X-Order").stringValue()).isEqualTo("42");
        assertThat(mail.get("headers").get("Message-ID").stringValue())
                .isEqualTo("<" + accepted.id() + "@shop.example>");
        assertThat(mail.get("headers").toString()).doesNotContain("hidden@example.com");
        UmsClient.Answer raw = ums.admin("GET", "/inbox/" + mail.get("n").longValue() + "/raw", null);
        assertThat(raw.text()).contains("Subject: =?UTF-8?").doesNotContain("hidden@example.com");

        assertThat(ums.get(key, accepted.header("Location") + "/events").json().get("data"))
                .extracting(it -> it.get("type").stringValue())
                .containsExactly("accepted", "sent");
    }

    @Test
    void messagesAreListedNewestFirstAndPageByPage() {
        String key = ums.newKey();
        List<UUID> ids = java.util.stream.IntStream.range(0, 5)
                .mapToObj(it -> ums.send(key, Messages.to("list@example.com", Map.of("reference", "page:" + it % 2)))
                        .id())
                .toList();

        JsonNode first = ums.get(key, "/api/messages?limit=2").json();
        assertThat(first.get("data"))
                .extracting(it -> UUID.fromString(it.get("id").stringValue()))
                .containsExactly(ids.get(4), ids.get(3));
        assertThat(first.get("data").get(0).has("text")).isFalse();
        JsonNode second = ums.get(
                        key,
                        "/api/messages?limit=3&cursor="
                                + first.get("nextCursor").stringValue())
                .json();
        assertThat(second.get("data"))
                .extracting(it -> UUID.fromString(it.get("id").stringValue()))
                .containsExactly(ids.get(2), ids.get(1), ids.get(0));
        assertThat(second.get("nextCursor").isNull()).isTrue();
        assertThat(ums.get(key, "/api/messages?reference=page:1").json().get("data"))
                .hasSize(2);
        assertThat(ums.get(key, "/api/messages?channel=sms").json().get("data")).isEmpty();
    }

    @Test
    void aClientSeesOnlyItsOwnMessages() {
        String path = "/api/messages/"
                + ums.send(ums.newKey(), Messages.to("a@example.com")).id();
        String another = ums.newKey();

        assertThat(ums.get(another, path).status()).isEqualTo(404);
        assertThat(ums.get(another, path + "/events").status()).isEqualTo(404);
        assertThat(ums.get(another, "/api/messages").json().get("data")).isEmpty();
    }

    @Test
    void aTestKeysMessageIsSentToTheInbox() {
        String key = ums.newKey("{\"client\": \"tester\", \"mode\": \"test\"}");
        String to = UUID.randomUUID() + "@example.com";

        assertThat(key).startsWith("ums_test_");
        assertThat(ums.send(key, Messages.to(to)).status()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(ums.inbox(to)).hasSize(1));
    }
}
