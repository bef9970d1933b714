package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresTest {

    /**
     * One folder for all tests that do not need a first start, as that takes a second; its name has special characters.
     */
    @TempDir(factory = SpacedName.class)
    static Path shared;

    @TempDir
    Path unused;

    Path folder;

    @BeforeEach
    void aClosedFolder() {
        folder = shared;
    }

    @Test
    void theFirstStartCreatesADurableDatabaseForThisMachineOnly() throws Exception {
        folder = unused;
        try (EmbeddedPostgres postgres = start()) {
            assertThat(ask(postgres, "SHOW server_version")).startsWith("18.");
            assertThat(ask(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW data_checksums")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "SHOW unix_socket_directories")).isEmpty();
            assertThat(ask(postgres, "SELECT current_database() || ' of ' || current_user"))
                    .isEqualTo("ums of ums");
            assertThat(ask(postgres, "SELECT lower('ÄÖÜ')")).isEqualTo("äöü");
        }
    }

    @Test
    void onlyTheOwnerReadsThePasswordAndItIsRequired() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            Path password = folder.resolve("password");
            assertThat(password).content().isEqualTo(postgres.password());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aRestartKeepsDataPortAndPassword() throws Exception {
        int port;
        String password;
        try (EmbeddedPostgres postgres = start()) {
            remember(postgres, "a message");
            port = postgres.port();
            password = postgres.password();
        }
        assertThat(ServerFolder.isFree(port)).isTrue();
        try (EmbeddedPostgres postgres = start()) {
            assertThat(remembered(postgres)).isEqualTo("a message");
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(postgres.password()).isEqualTo(password);
        }
    }

    @Test
    void closingTwiceDoesNothingTheSecondTime() {
        EmbeddedPostgres postgres = start();
        postgres.close();
        postgres.close();
        assertThat(ServerFolder.isFree(postgres.port())).isTrue();
    }

    @Test
    void theServerHasItsOwnSessionSoThatControlCDoesNotReachIt() throws Exception {
        try (EmbeddedPostgres _ = start()) {
            String pid = String.valueOf(postmaster());
            Process ps = new ProcessBuilder("ps", "-o", "sid=,pgid=", "-p", pid).start();
            assertThat(ps.inputReader().readLine().strip().split(" +")).containsExactly(pid, pid);
        }
    }

    @Test
    void aServerLeftByAKilledUmsIsReplaced() throws Exception {
        try (OtherUms other = OtherUms.thatRunsPostgres(folder)) {
            long orphan = postmaster();
            other.kill();
            assertThat(ProcessHandle.of(orphan)).isPresent();
            try (EmbeddedPostgres postgres = start()) {
                assertThat(postmaster()).isNotEqualTo(orphan);
                assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void afterAKillOfUmsAndServerTheNextStartHasAllCommittedData() throws Exception {
        try (OtherUms other = OtherUms.thatRunsPostgres(folder)) {
            commitAsTheOther("committed");
            other.kill();
            kill(postmaster());
            try (EmbeddedPostgres postgres = start()) {
                assertThat(remembered(postgres)).isEqualTo("committed");
            }
        }
    }

    @Test
    void aKilledServerIsRestartedOnTheSamePort() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            remember(postgres, "committed");
            long killed = postmaster();
            kill(killed);
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(remembered(postgres)).isEqualTo("committed"));
            assertThat(postmaster()).isNotEqualTo(killed);
        }
    }

    @Test
    void anotherProgramOnTheSavedPortIsLeftAlone() throws Exception {
        EmbeddedPostgres first = start();
        int port = first.port();
        first.close();
        try (ServerSocket foreign = new ServerSocket()) {
            foreign.bind(new InetSocketAddress("127.0.0.1", port));
            try (EmbeddedPostgres postgres = start()) {
                assertThat(postgres.port()).isNotEqualTo(port);
                assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void foldersOfAnInterruptedFirstStartAreDeleted() throws Exception {
        folder = unused;
        Path unfinished = Files.createDirectories(folder.resolve("data.new-1").resolve("base"));
        try (EmbeddedPostgres postgres = start()) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            assertThat(unfinished).doesNotExist();
        }
    }

    @Test
    void aReusedProcessIdIsNotTakenForTheServer() throws Exception {
        start().close();
        Path file = folder.resolve("data").resolve("postmaster.pid");
        Files.writeString(file, "%d%n%s%n".formatted(ProcessHandle.current().pid(), folder.resolve("data")));
        try (EmbeddedPostgres postgres = start()) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aProcessIdLostInAPowerFailureIsHandled() throws Exception {
        start().close();
        Path file = Files.createFile(folder.resolve("data").resolve("postmaster.pid"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
        try (EmbeddedPostgres postgres = start()) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aFailingStartShowsTheOutputOfPostgresAndItsLogFile() throws Exception {
        folder = unused;
        start().close();
        Files.delete(folder.resolve("data").resolve("global").resolve("pg_control"));
        assertThatThrownBy(this::start)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("pg_control")
                .extracting(failure -> ((SandboxException) failure).action())
                .asString()
                .contains(folder.resolve("postgres.log").toRealPath().toString())
                .contains("spring.datasource.url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a$b", "a`b", "a\"b", "a\\b", "a\nb"})
    void aPathWithShellCharactersIsRefused(String name) {
        folder = unused.resolve(name);
        assertThatThrownBy(this::start)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("hand the path to a shell")
                .extracting(failure -> ((SandboxException) failure).action())
                .asString()
                .contains("ums.home");
    }

    @Test
    void onlyTheOwnerEntersTheFolderWhateverItsEarlierPermissions() throws Exception {
        folder = Files.createDirectory(
                unused.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        ServerFolder.at(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder, TestPrograms.FOLDER, ServerAccount::choose);
    }

    private long postmaster() throws IOException {
        return Postmaster.on(folder.resolve("data")).orElseThrow().pid();
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private void commitAsTheOther(String text) throws Exception {
        String port = Files.readString(folder.resolve("port"));
        remember(
                "jdbc:postgresql://127.0.0.1:" + port + "/ums",
                EmbeddedPostgres.USERNAME,
                Files.readString(folder.resolve("password")),
                text);
    }

    private static void remember(EmbeddedPostgres postgres, String text) throws SQLException {
        remember(postgres.jdbcUrl(), postgres.username(), postgres.password(), text);
    }

    private static void remember(String url, String username, String password, String text) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, username, password);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS memory");
            statement.execute("CREATE TABLE memory AS SELECT '" + text + "' AS text");
        }
    }

    private static String remembered(EmbeddedPostgres postgres) throws SQLException {
        return ask(postgres, "SELECT text FROM memory");
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static final class SpacedName implements TempDirFactory {

        @Override
        public Path createTempDirectory(AnnotatedElementContext elementContext, ExtensionContext extensionContext)
                throws IOException {
            return Files.createTempDirectory("a home !#%&'()*+,;<=>?@[]^{|}~");
        }
    }
}
