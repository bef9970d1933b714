package ums.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.says;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.TestBroker;
import ums.TestDatabase;
import ums.UmsClient;
import ums.UmsStory;
import ums.provider.smtp.ScriptedSmtpServer;

/** Two providers on a route, and a rate, where workers get their entries from Kafka. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "ums.retry.initial-delay=100ms",
            "ums.retry.multiplier=1",
            "ums.retry.max-delay=100ms",
            "ums.providers.a.type=smtp",
            "ums.providers.a.host=127.0.0.1",
            "ums.providers.a.tls=off",
            "ums.providers.a.rate=5",
            "ums.providers.a.preset=ses",
            "ums.providers.b.type=smtp",
            "ums.providers.b.host=127.0.0.1",
            "ums.routes.email=a, b"
        })
@DirtiesContext
class FailoverOverKafkaTest {

    private static ScriptedSmtpServer a;
    private static ScriptedSmtpServer b;

    @Autowired
    UmsClient ums;

    private String key;

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) throws Exception {
        TestDatabase.fresh().register(registry);
        UmsStory.smallAndQuick(registry);
        a = ScriptedSmtpServer.start();
        b = ScriptedSmtpServer.start();
        registry.add("ums.providers.a.port", a::port);
        registry.add("ums.providers.b.port", b::port);
        // On a shared broker, the workers of other tests, on other databases, would take its records.
        TestBroker.Own broker = TestBroker.start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        registry.add("ums.kafka.bootstrap-servers", broker::address);
        registry.add("ums.kafka.partitions", () -> 2);
    }

    @BeforeEach
    void newClient() {
        key = ums.newKey();
    }

    @Test
    void whereTheFirstRefusesTheSecondSendsWithinTheSameAttempt() {
        a.on(".", says("554 Message rejected: Email address is not verified."));
        String address = UUID.randomUUID() + "@example.com";
        UUID id = ums.send(key, Messages.to(address)).id();

        await().untilAsserted(() ->
                assertThat(message(id).get("status").stringValue()).isEqualTo("SENT"));

        assertThat(message(id).get("provider").stringValue()).isEqualTo("b");
        assertThat(message(id).get("attemptCount").intValue()).isEqualTo(1);
        assertThat(taken(b, address)).isEqualTo(1);
    }

    @Test
    void afterAnUnknownOutcomeTheSecondNeverSeesTheMessage() {
        String address = UUID.randomUUID() + "@example.com";
        a.on(".", closes());
        UUID id = ums.send(key, Messages.to(address)).id();

        await().untilAsserted(() ->
                assertThat(message(id).get("status").stringValue()).isEqualTo("SENT"));

        assertThat(message(id).get("provider").stringValue()).isEqualTo("a");
        assertThat(message(id).get("attemptCount").intValue()).isEqualTo(2);
        assertThat(taken(a, address)).isEqualTo(2);
        assertThat(taken(b, address)).isZero();
    }

    /** The bucket holds those of one second; the others wait for it, at no attempt and not at the next provider. */
    @Test
    void aRateHoldsOverKafkaToo() {
        String messages = IntStream.range(0, 15)
                .mapToObj(it -> Messages.to("rate" + it + "@example.com"))
                .collect(Collectors.joining(", ", "{\"messages\": [", "]}"));
        List<UUID> ids = new ArrayList<>();
        ums.call("POST", "/api/messages/batch", "Bearer " + key, messages.getBytes(UTF_8))
                .json()
                .get("results")
                .forEach(it -> ids.add(UUID.fromString(it.get("id").stringValue())));

        List<Instant> claimed = new ArrayList<>();
        for (UUID id : ids) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(message(id).get("status").stringValue()).isEqualTo("SENT"));
            JsonNode message = message(id);
            assertThat(message.get("attemptCount").intValue()).isEqualTo(1);
            assertThat(message.get("provider").stringValue()).isEqualTo("a");
            claimed.add(Instant.parse(message.get("processingStartedAt").stringValue()));
        }
        assertThat(ids).hasSize(15);
        assertThat(Duration.between(Collections.min(claimed), Collections.max(claimed)))
                .as("five at once, and the other ten five a second")
                .isGreaterThan(Duration.ofMillis(1_800));
    }

    private JsonNode message(UUID id) {
        return ums.admin("GET", "/admin/messages/" + id, null).json();
    }

    private static long taken(ScriptedSmtpServer server, String address) {
        return server.mails().stream()
                .filter(it -> it.rcpts().toString().contains("<" + address + ">"))
                .count();
    }
}
