package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import ums.provider.smtp.ScriptedSmtpServer;

/** Each role runs in a service of its own, on one database. */
class RolesTest {

    private final TestDatabase database = TestDatabase.fresh();

    @TempDir
    Path home;

    @Test
    void anApiProcessAcceptsAMessageAndAWorkerSendsIt() throws Exception {
        try (ScriptedSmtpServer provider = ScriptedSmtpServer.start();
                ConfigurableApplicationContext api = start("api");
                ConfigurableApplicationContext worker = start("worker", smtp(provider))) {
            isSent(api.getBean(UmsClient.class));
            assertThat(hasADispatcher(worker)).isTrue();
            assertThat(hasADispatcher(api)).isFalse();
        }
    }

    @Test
    void withKafkaARelayPublishesItToTheWorker() throws Exception {
        // On a shared broker, the workers of other tests, on other databases, would take its records.
        try (TestBroker.Own broker = TestBroker.start();
                ScriptedSmtpServer provider = ScriptedSmtpServer.start();
                ConfigurableApplicationContext api = start("api", kafka(broker));
                ConfigurableApplicationContext relay = start("relay", kafka(broker));
                ConfigurableApplicationContext worker = start("worker", kafka(broker), smtp(provider))) {
            isSent(api.getBean(UmsClient.class));
            assertThat(hasADispatcher(worker)).isTrue();
            assertThat(hasADispatcher(relay)).isFalse();
        }
    }

    private static void isSent(UmsClient ums) {
        String key = ums.newKey();
        UUID id = ums.send(key, Messages.to("kim@example.com")).id();
        await().untilAsserted(() -> assertThat(
                        ums.get(key, "/api/messages/" + id).json().get("status").stringValue())
                .isEqualTo("SENT"));
    }

    private static boolean hasADispatcher(ConfigurableApplicationContext service) {
        assertThat(service.getBean(UmsClient.class)
                        .actuator("/actuator/health/readiness")
                        .status())
                .isEqualTo(200);
        return service.containsBean("dispatcherHealthIndicator");
    }

    private static String kafka(TestBroker.Own broker) {
        return "--ums.kafka.bootstrap-servers=" + broker.address();
    }

    /** For a process that sends. The others need no SMTP server and start no inbox. */
    private static String smtp(ScriptedSmtpServer provider) {
        return "--spring.application.json={\"ums.email.smtp.host\": \"127.0.0.1\", \"ums.email.smtp.port\": "
                + provider.port() + "}";
    }

    private ConfigurableApplicationContext start(String role, String... more) {
        return OwnService.start(
                home.resolve(role),
                database,
                Stream.concat(Stream.of("--ums.role=" + role), Stream.of(more)).toArray(String[]::new));
    }
}
