package ums.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import ums.TestDatabase;

/** Connections outside the pool connect as the pool does. */
class DirectConnectionsTest {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void aUserWithoutAPasswordIsPassedOn() throws Exception {
        trust("trusted");
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setUsername("trusted");
        pool.setPassword(null);

        assertThat(ask(pool, "select current_user")).isEqualTo("trusted");
    }

    @Test
    void aPasswordWithoutAUserIsPassedOn() throws Exception {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setJdbcUrl(DATABASE.url() + "?user=" + DATABASE.username());
        pool.setUsername(null);

        assertThat(ask(pool, "select current_user")).isEqualTo(DATABASE.username());
    }

    @Test
    void theyHaveThePoolsDriverPropertiesAndInitialStatement() throws Exception {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.addDataSourceProperty("options", "-c statement_timeout=4242");
        pool.setConnectionInitSql("set ums.events = 'on'");

        assertThat(ask(pool, "select current_setting('statement_timeout') || current_setting('ums.events')"))
                .isEqualTo("4242mson");
        assertThat(ask(pool, "select current_setting('application_name')")).isEqualTo("a test");
    }

    @Test
    void ifSslIsRequiredThereIsNoUnencryptedConnection() {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.addDataSourceProperty("sslmode", "require");

        assertThatThrownBy(() -> ask(pool, "select 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("SSL");
    }

    @Test
    void passwordsInAUrlAreNotShown() {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setJdbcUrl("jdbc:postgresql://db.example:5432/ums?user=ums&password=secret");

        assertThat(new DirectConnections(pool).shownUrl()).isEqualTo("jdbc:postgresql://db.example:5432/ums");
    }

    @Test
    void aStatementThatTimedOutWaitingForALockIsCanceledOnTheServer() throws Exception {
        HikariDataSource pool = Pools.of(DATABASE);
        new PoolPreparation().postProcessBeforeInitialization(pool, "pool");
        DirectConnections connections = new DirectConnections(pool);
        try (Connection locking = DATABASE.connect();
                Statement lock = locking.createStatement()) {
            // The embedded server's own setting would do it too.
            lock.execute(
                    "alter database " + DATABASE.url().substring(DATABASE.url().lastIndexOf('/') + 1)
                            + " set client_connection_check_interval = 0");
            lock.execute("create table locked ()");
            locking.setAutoCommit(false);
            lock.execute("lock table locked");

            for (int i = 0; i < 3; i++) {
                try (Connection waiting = connections.open("a waiting test", Duration.ofSeconds(1));
                        Statement statement = waiting.createStatement()) {
                    assertThatThrownBy(() -> statement.execute("select from locked"))
                            .hasStackTraceContaining("SocketTimeoutException");
                }
            }

            await().untilAsserted(() -> assertThat(ask(
                            Pools.of(DATABASE),
                            "select count(*) from pg_stat_activity where application_name = 'a waiting test'"))
                    .isEqualTo("0"));
        }
    }

    private static String ask(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = new DirectConnections(pool).open("a test", TIMEOUT);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Lets a role log in without a password, as many servers do for connections from the same machine. */
    private static void trust(String role) throws Exception {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop role if exists " + role);
            statement.execute("create role " + role + " login");
            try (ResultSet row = statement.executeQuery("show hba_file")) {
                row.next();
                Path rules = Path.of(row.getString(1));
                String trusting = "host all " + role + " 127.0.0.1/32 trust\n";
                String before = Files.readString(rules);
                if (!before.startsWith(trusting)) {
                    Files.writeString(rules, trusting + before);
                }
            }
            statement.execute("select pg_reload_conf()");
        }
        await().ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> ask(trusted(role), "select 1").equals("1"));
    }

    private static HikariDataSource trusted(String role) {
        HikariDataSource pool = Pools.of(DATABASE);
        pool.setUsername(null);
        pool.setPassword(null);
        pool.setJdbcUrl(DATABASE.url() + "?user=" + role);
        return pool;
    }
}
