package ums.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import ums.OwnService;
import ums.TestDatabase;

/** The check of the database at the start. */
class DatabaseCheckTest {

    private static final TestDatabase DATABASE = TestDatabase.fresh();

    @Test
    void aUsableDatabaseWillCancelStatementsOfDisconnectedClients() {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setConnectionInitSql("set enable_seqscan = off");

        new PoolPreparation().postProcessBeforeInitialization(pool, "pool");

        assertThat(pool.getConnectionInitSql())
                .isEqualTo("set enable_seqscan = off; set client_connection_check_interval = '2s'");
        assertThat(pool.getDataSourceProperties()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_KR"})
    void oneThatCannotHoldEveryMessageIsRefused(String encoding) throws SQLException {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setJdbcUrl(encoded(encoding));

        assertThatThrownBy(() -> new DatabaseCheck(new DirectConnections(pool)).run())
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("has the encoding " + encoding)
                .extracting(it -> ((UnusableDatabaseException) it).action())
                .asString()
                .contains("encoding 'UTF8' template template0");
    }

    @Test
    void aDatabaseFromBeforeTheFirstReleaseIsRefused() throws SQLException {
        TestDatabase old = TestDatabase.fresh();
        try (Connection connection = old.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table flyway_schema_history (version text, description text)");
            statement.execute(
                    "insert into flyway_schema_history values ('1', 'ledger and outbox'), ('22', 'bodies apart')");
        }

        assertThatThrownBy(() -> new DatabaseCheck("the database", old::connect).run())
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("of a version of UMS from before 0.1.0")
                .extracting(it -> ((UnusableDatabaseException) it).action())
                .asString()
                .contains("ums.home");
    }

    @Test
    void aPoolerThatSharesASessionIsReported() throws SQLException {
        try (Connection session = DATABASE.connect()) {
            DatabaseCheck check = new DatabaseCheck("the database", () -> keptOpen(session));

            assertThatThrownBy(check::run)
                    .isInstanceOf(UnusableDatabaseException.class)
                    .hasMessageContaining("a pooler gives each transaction a session of its own choice")
                    .extracting(it -> ((UnusableDatabaseException) it).action())
                    .asString()
                    .contains("pool_mode=session");
        }
    }

    @Test
    void aPoolerThatSwitchesSessionsIsReported() throws SQLException {
        DatabaseCheck check = new DatabaseCheck("the database", () -> anotherSessionEachTime());

        assertThatThrownBy(check::run)
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("a pooler");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aDatabaseThatIsAwayIsSaidInASentence(CapturedOutput output, @TempDir Path home) throws Exception {
        TestDatabase away;
        try (ServerSocket free = new ServerSocket(0)) {
            away = new TestDatabase(
                    "jdbc:postgresql://127.0.0.1:" + free.getLocalPort() + "/ums?password=secret", "ums", "secret");
        }
        assertThatThrownBy(() -> OwnService.start(home, away).close()).isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("/ums cannot be used: Connection to 127.0.0.1:")
                .contains("Make sure that PostgreSQL runs there")
                .doesNotContain("secret")
                .doesNotContain("\tat ");
    }

    @Test
    void amongSeveralHostsThePrimaryIsChosenUnlessTheUrlSaysOtherwise() throws SQLException {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setJdbcUrl(DATABASE.url().replaceFirst("//([^/]*)/", "//$1,$1/"));

        new PoolPreparation().postProcessBeforeInitialization(pool, "pool");

        assertThat(pool.getDataSourceProperties()).containsEntry("targetServerType", "primary");
    }

    private static String encoded(String encoding) throws SQLException {
        String name = "test_" + encoding.toLowerCase(java.util.Locale.ROOT);
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name);
            statement.execute("create database " + name
                    + " template template0 locale_provider libc locale 'C' encoding '" + encoding + "'");
        }
        return DATABASE.url().replaceFirst("/[^/]*$", "/" + name);
    }

    private static Connection keptOpen(Connection session) {
        return (Connection) Proxy.newProxyInstance(
                DatabaseCheckTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Connection anotherSessionEachTime() {
        return (Connection) Proxy.newProxyInstance(
                DatabaseCheckTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (_, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(DATABASE.connect(), arguments));
    }
}
