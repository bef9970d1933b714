package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import ums.UmsClient.Answer;
import ums.observability.alert.WebhookReceiver;
import ums.sandbox.TestProvider;

/** The database or the SMTP server is unreachable for a while: nothing is lost, and callers and operators are told. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "ums.retry.initial-delay=200ms",
            "ums.retry.multiplier=1",
            "ums.retry.max-delay=200ms",
            "ums.retry.max-attempts=1000",
            "ums.dispatch.poll-interval=200ms",
            "spring.datasource.hikari.connection-timeout=500"
        })
class FaultsTest {

    private static Gate database;
    private static Gate smtp;
    private static TestProvider provider;
    private static WebhookReceiver operator;

    @Autowired
    UmsClient ums;

    @DynamicPropertySource
    static void gates(DynamicPropertyRegistry registry) throws Exception {
        TestDatabase real = TestDatabase.fresh();
        URI uri = URI.create(real.url().substring("jdbc:".length()));
        database = new Gate(uri.getPort());
        new TestDatabase(
                        real.url().replace(":" + uri.getPort() + "/", ":" + database.port() + "/"),
                        real.username(),
                        real.password())
                .register(registry);
        UmsStory.smallAndQuick(registry);
        provider = new TestProvider();
        smtp = new Gate(provider.port());
        registry.add("ums.email.smtp.host", () -> "127.0.0.1");
        registry.add("ums.email.smtp.port", smtp::port);
        operator = new WebhookReceiver();
        registry.add("ums.alerts.webhook-url", operator::url);
        registry.add("ums.alerts.min-interval", () -> "1s");
    }

    @Test
    void withoutTheDatabaseARequestIsAnswered503AndIsAcceptedLater() {
        String key = ums.newKey();
        String body = Messages.to("a@example.com");
        assertThat(ums.send(key, body).status()).isEqualTo(202);

        database.close();
        Answer refused = ums.send(key, body);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(refused.header("Retry-After")).matches("[0-9]+");
        assertThat(refused.text()).doesNotContainIgnoringCase("sql").doesNotContain("Exception");
        Answer batch =
                ums.call("POST", "/api/messages/batch", "Bearer " + key, ("{\"messages\": [" + body + "]}").getBytes());
        assertThat(batch.status()).isEqualTo(503);
        assertThat(batch.code()).isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(ums.get(key, "/api/messages").status()).isEqualTo(503);
        await().until(() -> ums.actuator("/actuator/health/readiness").status() == 503);
        assertThat(ums.actuator("/actuator/health/liveness").status()).isEqualTo(200);

        database.open();
        Answer accepted = await().until(() -> ums.send(key, body), it -> it.status() == 202);
        await().until(() -> ums.actuator("/actuator/health/readiness").status() == 200);
        await().until(() -> status(key, accepted.id()).equals("SENT"));
    }

    @Test
    void withoutTheSmtpServerMessagesWaitAndAreSentLater() {
        String key = ums.newKey();
        smtp.close();
        String to = UUID.randomUUID() + "@example.com";

        UUID id = ums.send(key, Messages.to(to)).id();
        await().until(() -> status(key, id).equals("RETRY"));
        assertThat(ums.get(key, "/api/messages/" + id)
                        .json()
                        .get("lastError")
                        .get("type")
                        .stringValue())
                .isEqualTo("CONNECTION");
        assertThat(ums.actuator("/actuator/health/readiness").status()).isEqualTo(200);

        smtp.open();
        await().atMost(Duration.ofSeconds(20)).until(() -> status(key, id).equals("SENT"));
        assertThat(provider.mails(to)).hasSize(1);
    }

    @Test
    void withAnSmtpServerConfiguredTheInboxReceivesNothing() {
        String key = ums.newKey();
        UUID id = ums.send(key, Messages.to("a@example.com")).id();

        await().until(() -> status(key, id).equals("SENT"));
        assertThat(ums.inbox("a@example.com")).isEmpty();
    }

    @Test
    void anOutageOfTheDatabaseAndItsEndAreAlertedOnceAndGaugesAreNanMeanwhile() {
        await().until(() -> gauge("outbox_backlog{state=\"ready\"}").matches("[0-9.]+"));

        database.close();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !operator.states("DATABASE").isEmpty());
        assertThat(gauge("outbox_backlog{state=\"ready\"}")).isEqualTo("NaN");
        assertThat(gauge("failures_open{type=\"REJECTED\"}")).isEqualTo("NaN");
        assertThat(gauge("alerts_active{kind=\"DATABASE\"}")).isEqualTo("1.0");

        database.open();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operator.states("DATABASE").size() == 2);
        assertThat(operator.states("DATABASE")).containsExactly("FIRING", "CLEARED");
        await().until(() -> gauge("outbox_backlog{state=\"ready\"}").matches("[0-9.]+"));
    }

    @Test
    void anOpenCircuitAndItsEndAreAlertedOnce() {
        String key = ums.newKey();
        int before = operator.states("CIRCUIT_OPEN").size();
        smtp.close();
        UUID id = ums.send(key, Messages.to("a@example.com")).id();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> operator.states("CIRCUIT_OPEN").size() == before + 1);
        await().until(() -> ums.get(key, "/api/messages/" + id)
                .json()
                .at("/waiting/reason")
                .asString("")
                .equals("PROVIDER"));

        smtp.open();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operator.states("CIRCUIT_OPEN").size() == before + 2);
        assertThat(operator.states("CIRCUIT_OPEN")).endsWith("FIRING", "CLEARED");
        await().atMost(Duration.ofSeconds(20)).until(() -> status(key, id).equals("SENT"));
    }

    private String gauge(String name) {
        return ums.actuator("/actuator/prometheus")
                .text()
                .lines()
                .filter(it -> it.startsWith(name + " "))
                .map(it -> it.substring(name.length() + 1))
                .findFirst()
                .orElse("absent");
    }

    private String status(String key, UUID id) {
        Answer answer = ums.get(key, "/api/messages/" + id);
        return answer.status() == 200 ? answer.json().get("status").stringValue() : "unknown";
    }
}
