package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import ums.Messages;
import ums.OwnService;
import ums.TestDatabase;
import ums.UmsClient;
import ums.provider.smtp.ScriptedSmtpServer;

/** The log file has each message's history in structured fields, without content or addresses. */
@ExtendWith(OutputCaptureExtension.class)
class MessageLogTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path home;

    @Test
    void theHistoryOfEachMessageIsInTheFile(CapturedOutput console) throws Exception {
        UUID deferred;
        UUID refused;
        UUID canceled;
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                ConfigurableApplicationContext service = start(smtp.port())) {
            UmsClient ums = service.getBean(UmsClient.class);
            String key = ums.newKey("{\"client\": \"shop\"}");
            smtp.on("RCPT", ScriptedSmtpServer.says("451 <kim@example.com> come again"));
            deferred = ums.send(key, Messages.to("kim@example.com", Map.of("subject", "A secret")))
                    .id();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status(ums, key, deferred).equals("SENT"));
            smtp.on("RCPT", ScriptedSmtpServer.says("550 <kim@example.com> never"));
            refused = ums.send(key, Messages.to("kim@example.com")).id();
            await().until(() -> status(ums, key, refused).equals("FAILED"));
            canceled = ums.send(key, Messages.to("kim@example.com", Map.of("scheduledAt", "2099-01-01T00:00:00Z")))
                    .id();
            ums.call("POST", "/api/messages/" + canceled + "/cancel", "Bearer " + key, null);
            await().until(() -> history(canceled).size() == 2);
        }

        assertThat(history(deferred)).extracting(MessageLogTest::event).containsExactly("accepted", "RETRY", "SENT");
        assertThat(history(deferred))
                .extracting(it -> it.get("attemptCount").intValue())
                .containsExactly(0, 1, 2);
        assertThat(history(deferred).get(1).get("errorType").stringValue()).isEqualTo("DEFERRED");
        assertThat(history(deferred).get(1).get("code").stringValue()).isEqualTo("451");
        assertThat(history(refused)).extracting(MessageLogTest::event).containsExactly("accepted", "FAILED");
        assertThat(history(refused).getLast().get("errorType").stringValue()).isEqualTo("REJECTED");
        assertThat(history(canceled)).extracting(MessageLogTest::event).containsExactly("accepted", "CANCELED");
        for (UUID id : List.of(deferred, refused, canceled)) {
            assertThat(history(id)).allSatisfy(it -> {
                assertThat(it.get("outboxId").longValue()).isPositive();
                assertThat(it.get("client").stringValue()).isEqualTo("shop");
                assertThat(it.get("channel").stringValue()).isEqualTo("email");
                assertThat(it.get("@timestamp").stringValue()).isNotBlank();
            });
        }
        assertThat(Files.readString(file()))
                .doesNotContain("kim@example.com")
                .doesNotContain("A secret")
                .doesNotContain("come again");
        assertThat(console)
                .contains(refused + " is FAILED")
                .doesNotContain(deferred.toString())
                .doesNotContain("kim@example.com");
    }

    private ConfigurableApplicationContext start(int smtpPort) {
        return OwnService.start(
                home,
                TestDatabase.fresh(),
                "--ums.email.smtp.host=127.0.0.1",
                "--ums.email.smtp.port=" + smtpPort,
                "--ums.retry.initial-delay=100ms",
                "--logging.level.root=info");
    }

    private Path file() {
        return home.resolve("logs/ums.json");
    }

    private List<JsonNode> history(UUID id) {
        try {
            return Files.readAllLines(file()).stream()
                    .filter(it -> it.endsWith("}"))
                    .map(JSON::readTree)
                    .filter(it -> it.path("messageId").asString("").equals(id.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The event of a line, or the message's status. */
    private static String event(JsonNode line) {
        String text = line.get("message").stringValue();
        return text.contains("accepted")
                ? "accepted"
                : line.path("status").asString(text.substring(text.lastIndexOf(' ') + 1));
    }

    private static String status(UmsClient ums, String key, UUID id) {
        return ums.get(key, "/api/messages/" + id).json().get("status").stringValue();
    }
}
