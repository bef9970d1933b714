package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import ums.channel.email.ScriptedSmtpServer;

/** The roles as they are run: each a service of its own, on one database. */
class RolesTest {

    private final TestDatabase database = TestDatabase.fresh();

    @TempDir
    Path home;

    @Test
    void oneTakesAMessageAndAnotherSendsIt() throws Exception {
        try (ScriptedSmtpServer provider = ScriptedSmtpServer.start();
                ConfigurableApplicationContext api = start("api");
                ConfigurableApplicationContext worker = start("worker", smtp(provider))) {
            isSent(api.getBean(UmsClient.class));
            assertThat(tellsOfItsDispatcher(worker)).isTrue();
            assertThat(tellsOfItsDispatcher(api)).isFalse();
        }
    }

    @Test
    void overKafkaARelayStandsBetweenThem() throws Exception {
        String kafka = "--ums.kafka.bootstrap-servers=" + TestBroker.address();
        try (ScriptedSmtpServer provider = ScriptedSmtpServer.start();
                ConfigurableApplicationContext api = start("api", kafka);
                ConfigurableApplicationContext relay = start("relay", kafka);
                ConfigurableApplicationContext worker = start("worker", kafka, smtp(provider))) {
            isSent(api.getBean(UmsClient.class));
            assertThat(tellsOfItsDispatcher(worker)).isTrue();
            assertThat(tellsOfItsDispatcher(relay)).isFalse();
        }
    }

    private static void isSent(UmsClient ums) {
        String key = ums.newKey();
        UUID id = ums.send(key, Messages.to("kim@example.com")).id();
        await().untilAsserted(() -> assertThat(
                        ums.get(key, "/api/messages/" + id).json().get("status").stringValue())
                .isEqualTo("SENT"));
    }

    private static boolean tellsOfItsDispatcher(ConfigurableApplicationContext service) {
        assertThat(service.getBean(UmsClient.class)
                        .actuator("/actuator/health/readiness")
                        .status())
                .isEqualTo(200);
        return service.containsBean("dispatcherHealthIndicator");
    }

    /** For who sends; whoever does not, needs no server and listens to no inbox. */
    private static String smtp(ScriptedSmtpServer provider) {
        return "--spring.application.json={\"ums.email.smtp.host\": \"127.0.0.1\", \"ums.email.smtp.port\": "
                + provider.port() + "}";
    }

    private ConfigurableApplicationContext start(String role, String... more) {
        List<String> arguments = List.of(
                "--ums.role=" + role,
                "--ums.home=" + home.resolve(role),
                "--server.port=0",
                "--management.server.port=0",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--ums.admin.password=" + UmsClient.ADMIN_PASSWORD,
                "--ums.email.from=ums@example.com",
                "--logging.file.name=" + home.resolve(role + ".json"));
        return new SpringApplication(UmsApplication.class, UmsClient.class)
                .run(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
    }
}
