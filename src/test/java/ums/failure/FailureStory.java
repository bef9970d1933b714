package ums.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.TestDatabase;
import ums.UmsClient;
import ums.UmsClient.Answer;
import ums.UmsStory;
import ums.provider.smtp.ScriptedSmtpServer;

/** A story about failures: the whole service, and a provider that is scripted by the test. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "ums.retry.max-attempts=2",
            "ums.retry.initial-delay=10ms",
            "ums.retry.multiplier=1",
            "ums.retry.max-delay=10ms",
            "ums.dispatch.poll-interval=200ms"
        })
abstract class FailureStory {

    protected static ScriptedSmtpServer provider;

    @Autowired
    protected UmsClient ums;

    @Autowired
    protected JdbcClient jdbc;

    protected TransactionTemplate transaction;

    protected String key;

    @Autowired
    void transactions(PlatformTransactionManager manager) {
        transaction = new TransactionTemplate(manager);
    }

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) {
        TestDatabase.fresh().register(registry);
        UmsStory.smallAndQuick(registry);
        // One for all stories: those of another service would else script the wrong one.
        if (provider == null) {
            provider = started();
        }
        registry.add("ums.email.smtp.host", () -> "127.0.0.1");
        registry.add("ums.email.smtp.port", provider::port);
    }

    protected static ScriptedSmtpServer started() {
        try {
            return ScriptedSmtpServer.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until no message of an earlier test is sent, as it would get the replies that this one scripts. */
    @BeforeEach
    void nothingIsOpen() {
        await().until(() -> jdbc.sql("""
                        select count(*) from outbox
                        where not published and (next_attempt_at is null or next_attempt_at < now() + interval '1 hour')
                        """).query(Integer.class).single() == 0);
        jdbc.sql("delete from send_failure").update();
        key = ums.newKey();
    }

    protected UUID failed() {
        provider.on("RCPT", ScriptedSmtpServer.says("550 5.1.1 No such user"));
        return ended("FAILED", Map.of());
    }

    /** In review as its attempts are used up. */
    protected UUID usedUp() {
        provider.on("RCPT", ScriptedSmtpServer.says("451 later"), ScriptedSmtpServer.says("451 still later"));
        return ended("MANUAL_REVIEW", Map.of());
    }

    /** In review as its outcome is unknown. */
    protected UUID unknown() {
        provider.on(".", ScriptedSmtpServer.closes());
        return ended("MANUAL_REVIEW", Map.of("onUnknown", "REVIEW"));
    }

    /** Taken for the first recipient, refused for the second. */
    protected UUID sentToTheFirstOf(String first, String second) {
        provider.on("RCPT", ScriptedSmtpServer.usual(), ScriptedSmtpServer.says("550 5.1.1 No such user"));
        return ended("SENT", Map.of("to", List.of(first, second)));
    }

    protected UUID ended(String status, Map<String, ?> more) {
        UUID id = ums.send(key, Messages.to(UUID.randomUUID() + "@example.com", more))
                .id();
        awaitStatus(id, status);
        return id;
    }

    protected void awaitStatus(UUID id, String status) {
        await().until(() -> message(id).get("status").stringValue(), it -> it.equals(status));
    }

    protected JsonNode message(UUID id) {
        return ums.admin("GET", "/admin/messages/" + id, null).json();
    }

    protected List<String> timeline(UUID id) {
        JsonNode events =
                ums.admin("GET", "/admin/messages/" + id + "/events", null).json();
        return events.get("data")
                .valueStream()
                .map(it -> it.get("type").stringValue())
                .toList();
    }

    /** The one open failure of a message. */
    protected JsonNode open(UUID messageId) {
        List<JsonNode> open = list("handled=false").stream()
                .filter(it -> it.get("messageId").stringValue().equals(messageId.toString()))
                .toList();
        assertThat(open).hasSize(1);
        return open.getFirst();
    }

    protected List<JsonNode> list(String query) {
        return ums.admin("GET", "/admin/failures?limit=1000&" + query, null)
                .json()
                .get("data")
                .valueStream()
                .toList();
    }

    protected Answer retry(JsonNode failure) {
        return decide(failure, "retry", "{\"reason\": \"the mailbox exists now\"}");
    }

    protected Answer resolve(JsonNode failure, Decision decision) {
        return decide(failure, "resolve", "{\"decision\": \"" + decision + "\", \"reason\": \"asked the customer\"}");
    }

    protected Answer decide(JsonNode failure, String what, String body) {
        return ums.admin("PATCH", "/admin/failures/" + failure.get("id").stringValue() + "/" + what, body);
    }

    /** Audit entries with a target, newest first. */
    protected List<JsonNode> audit(String target) {
        return ums.admin("GET", "/admin/audit?limit=1000", null)
                .json()
                .get("data")
                .valueStream()
                .filter(it -> it.get("target").stringValue().contains(target))
                .toList();
    }

    /** How many mails the provider took for each of those addresses. */
    protected List<Long> taken(String... addresses) {
        return Arrays.stream(addresses)
                .map(address -> provider.mails().stream()
                        .filter(it -> it.rcpts().toString().contains("<" + address + ">"))
                        .count())
                .toList();
    }
}
