package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The default without any configuration: no database, no SMTP server, no account. */
@ExtendWith(OutputCaptureExtension.class)
class SandboxTest {

    @TempDir
    Path home;

    @Test
    void aFirstStartIsReadyForAFirstMessageAndALaterOneKeepsEverything(CapturedOutput output) throws Exception {
        Map<String, String> first;
        UUID id;
        String to = UUID.randomUUID() + "@example.com";
        try (ConfigurableApplicationContext service = OwnService.start(home)) {
            assertThat(output).containsOnlyOnce("SANDBOX: nothing leaves this machine");
            assertThat(Files.getPosixFilePermissions(home.resolve("sandbox.env")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            first = sandboxEnv();
            assertThat(first).containsOnlyKeys("UMS_URL", "UMS_API_KEY", "UMS_ADMIN_USER", "UMS_ADMIN_PASSWORD");
            UmsClient ums = service.getBean(UmsClient.class);
            id = ums.send(first.get("UMS_API_KEY"), Messages.to(to, Map.of("from", "a@example.com")))
                    .id();
            await().until(() -> status(ums, first.get("UMS_API_KEY"), id).equals("SENT"));
            assertThat(openToOthers()).isEmpty();
        }

        try (ConfigurableApplicationContext service = OwnService.start(home)) {
            Map<String, String> second = sandboxEnv();
            assertThat(second.get("UMS_API_KEY")).isEqualTo(first.get("UMS_API_KEY"));
            assertThat(second.get("UMS_ADMIN_PASSWORD")).isEqualTo(first.get("UMS_ADMIN_PASSWORD"));
            assertThat(status(service.getBean(UmsClient.class), second.get("UMS_API_KEY"), id))
                    .isEqualTo("SENT");
        }
        assertThat(output).doesNotContain(first.get("UMS_API_KEY")).doesNotContain(first.get("UMS_ADMIN_PASSWORD"));
        assertThat(Files.readString(home.resolve("logs/ums.json"))).doesNotContain(to);
    }

    @Test
    void aClaimFoundAtTheStartIsAnOrphanAndIsSentAtOnce() throws Exception {
        String key;
        UUID id;
        try (ConfigurableApplicationContext service = OwnService.start(home, "--ums.role=api")) {
            key = sandboxEnv().get("UMS_API_KEY");
            id = service.getBean(UmsClient.class)
                    .send(key, Messages.to("a@example.com", Map.of("from", "a@example.com")))
                    .id();
            JdbcClient jdbc = service.getBean(JdbcClient.class);
            jdbc.sql("""
                    update outbox
                    set state = 'PROCESSING', processing_started_at = now(), claim_token = gen_random_uuid(), attempt_count = 1,
                        in_doubt = true
                    """).update();
            jdbc.sql("update message set status = 'PROCESSING'").update();
        }

        try (ConfigurableApplicationContext service = OwnService.start(home)) {
            UmsClient ums = service.getBean(UmsClient.class);
            await().until(() -> status(ums, key, id).equals("SENT"));
            assertThat(ums.get(key, "/api/messages/" + id)
                            .json()
                            .get("attemptCount")
                            .intValue())
                    .isEqualTo(2);
        }
    }

    /** Except for the folder itself, which is the operator's, and PostgreSQL's programs, which another user may have to run. */
    private List<Path> openToOthers() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(it -> !it.equals(home)
                            && !it.toString().contains("/binaries-")
                            && !it.startsWith(home.resolve("tomcat/server"))
                            && !it.startsWith(home.resolve("tomcat/management")))
                    .filter(it -> !permissions(it).endsWith("------"))
                    .toList();
        }
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) {
            // It was a temporary file that has been renamed meanwhile.
            return "------";
        }
    }

    private Map<String, String> sandboxEnv() throws Exception {
        return Files.readAllLines(home.resolve("sandbox.env")).stream()
                .collect(Collectors.toMap(
                        it -> it.substring(0, it.indexOf('=')), it -> it.substring(it.indexOf('=') + 1)));
    }

    private static String status(UmsClient ums, String key, UUID id) {
        return ums.get(key, "/api/messages/" + id).json().get("status").stringValue();
    }
}
