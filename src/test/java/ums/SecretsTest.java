package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.mock.env.MockEnvironment;
import ums.sandbox.EmbeddedPostgres;

/** After requests of every kind, at verbose log levels, neither tables nor files contain a key or a password. */
class SecretsTest {

    private static final String VIEWERS_PASSWORD = "viewer " + UUID.randomUUID();
    private static final String WRONG_PASSWORD = "wrong " + UUID.randomUUID();
    private static final String WRONG_KEY = "ums_live_" + UUID.randomUUID();

    @TempDir
    Path folder;

    @Test
    void keysAndPasswordsAreStoredAsHashesOnly() throws Exception {
        List<String> secrets =
                new ArrayList<>(List.of(UmsClient.ADMIN_PASSWORD, VIEWERS_PASSWORD, WRONG_PASSWORD, WRONG_KEY));
        Process service = start();
        try {
            Map<String, String> sandbox = awaitSandboxEnv(service);
            secrets.add(sandbox.get("UMS_API_KEY"));
            URI url = URI.create(sandbox.get("UMS_URL"));
            secrets.addAll(useEverything(new UmsClient(
                    new MockEnvironment().withProperty("local.server.port", String.valueOf(url.getPort())))));
            service.destroy();
            assertThat(service.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            service.destroyForcibly().waitFor();
        }

        assertThat(secrets).hasSize(9).doesNotContainNull();
        String tables = dump();
        assertThat(tables).contains("secrets-test");
        secrets.forEach(it -> assertThat(tables).doesNotContain(spellings(it)));
        List<Path> files = files();
        assertThat(files).contains(home().resolve("logs/ums.json"), folder.resolve("console.log"));
        assertThat(Files.size(home().resolve("logs/ums.json"))).isGreaterThan(10_000);
        for (Path file : files) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            for (String secret : secrets) {
                for (String spelling : spellings(secret)) {
                    assertThat(text.contains(spelling))
                            .as(file + " holds " + spelling)
                            .isFalse();
                }
            }
        }
    }

    /** @return the keys that it used */
    private static List<String> useEverything(UmsClient ums) {
        String key = ums.newKey("{\"client\": \"secrets-test\", \"from\": [\"shop@example.com\"]}");
        String test = ums.newKey("{\"client\": \"secrets-test\", \"mode\": \"test\"}");
        String revoked = ums.newKey("{\"client\": \"secrets-test\", \"name\": \"revoked\"}");
        String scheduled = ums.newKey("{\"client\": \"secrets-test\", \"expiresAt\": \"2099-01-01T00:00:00Z\"}");
        Map<String, ?> from = Map.of("from", "shop@example.com");
        UUID sent = ums.send(key, Messages.to("a@example.com", from), "Idempotency-Key", "once")
                .id();
        ums.send(key, Messages.to("a@example.com", from), "Idempotency-Key", "once");
        ums.send(key, Messages.to("a@example.com", Map.of("from", "boss@example.com")));
        ums.send(test, Messages.to("b@example.com", from));
        ums.send(key, "{\"no\": \"message\"}");
        ums.send(key, "no JSON");
        ums.call(
                "POST",
                "/api/messages/batch",
                "Bearer " + key,
                ("{\"messages\": [" + Messages.to("c@example.com", from) + ", {}]}").getBytes());
        UUID waiting = ums.send(
                        scheduled,
                        Messages.to(
                                "d@example.com",
                                Map.of("from", "shop@example.com", "scheduledAt", "2099-01-01T00:00:00Z")))
                .id();
        ums.call("POST", "/api/messages/" + waiting + "/cancel", "Bearer " + scheduled, null);
        for (String path : List.of("/api/messages", "/api/messages/" + sent, "/api/messages/" + sent + "/events")) {
            ums.get(key, path);
            ums.get(WRONG_KEY, path);
        }
        ums.admin("GET", "/admin/api-keys", null).json().get("data").forEach(it -> {
            if (it.get("name").stringValue().equals("revoked")) {
                ums.admin("DELETE", "/admin/api-keys/" + it.get("id").stringValue(), null);
            }
        });
        ums.get(revoked, "/api/messages");
        for (String path : List.of("/admin/messages", "/admin/failures", "/admin/audit", "/inbox", "/nothing")) {
            ums.admin("GET", path, null);
            ums.call("GET", path, UmsClient.basic("viewer", VIEWERS_PASSWORD), null);
            ums.call("GET", path, UmsClient.basic("admin", WRONG_PASSWORD), null);
            ums.get(key, path);
        }
        ums.call(
                "POST",
                "/admin/api-keys",
                UmsClient.basic("viewer", VIEWERS_PASSWORD),
                "{\"client\": \"x\"}".getBytes());
        await().until(() -> ums.get(key, "/api/messages/" + sent)
                .json()
                .get("status")
                .stringValue()
                .equals("SENT"));
        return List.of(key, test, revoked, scheduled);
    }

    /** Starts another process, as the log files of this one hold more than the service's lines. */
    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UmsApplication.class.getName(),
                        "--ums.home=" + home(),
                        "--server.port=0",
                        "--management.server.port=0",
                        "--ums.inbox.port=0",
                        "--ums.admin.password=" + UmsClient.ADMIN_PASSWORD,
                        "--ums.admin.users[0].name=viewer",
                        "--ums.admin.users[0].password=" + VIEWERS_PASSWORD,
                        "--logging.level.root=info",
                        "--logging.level.ums=trace",
                        "--logging.level.org.springframework.web=debug",
                        "--logging.level.org.springframework.security=debug",
                        "--logging.level.org.springframework.jdbc=debug")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("console.log").toFile())
                .start();
    }

    private Map<String, String> awaitSandboxEnv(Process service) {
        Path file = home().resolve("sandbox.env");
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            assertThat(service.isAlive()).isTrue();
            return Files.exists(file) && Files.readString(file).contains("UMS_API_KEY");
        });
        try {
            return Files.readAllLines(file).stream()
                    .collect(Collectors.toMap(
                            it -> it.substring(0, it.indexOf('=')), it -> it.substring(it.indexOf('=') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path home() {
        return folder.resolve("home");
    }

    /** Every row of every table as text. */
    private String dump() throws SQLException {
        StringBuilder dump = new StringBuilder();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(home().resolve("postgres"));
                Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password())) {
            JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            for (String table : jdbc.sql("select quote_ident(tablename) from pg_tables where schemaname = 'public'")
                    .query(String.class)
                    .list()) {
                jdbc.sql("select t::text from " + table + " t")
                        .query(String.class)
                        .list()
                        .forEach(dump::append);
            }
        }
        return dump.toString();
    }

    /** All files except for the one that is meant to hold them. */
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(it -> !it.getFileName().toString().equals("sandbox.env"))
                    .toList();
        }
    }

    private static List<String> spellings(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return List.of(
                secret,
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }
}
