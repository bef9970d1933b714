package ums.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the database at the start, before it is used. If UMS cannot work reliably on it, the start fails. */
final class DatabaseCheck {

    private static final Logger log = LoggerFactory.getLogger(DatabaseCheck.class);

    private static final String NAME = "ums start";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A pooler may choose any of its free connections, so one round might not notice it. */
    private static final int ROUNDS = 4;

    private final String url;
    private final Connections connections;

    /**
     * @param url the database's URL, for error messages
     * @param connections opens connections to check
     */
    DatabaseCheck(String url, Connections connections) {
        this.url = url;
        this.connections = connections;
    }

    DatabaseCheck(DirectConnections connections) {
        this(connections.shownUrl(), () -> connections.open(NAME, TIMEOUT));
    }

    /**
     * Checks the database.
     *
     * @return a statement for the start of each connection, by which the server checks every two seconds that the client is
     *     still connected. Without it, a statement that waits for a lock goes on waiting after its client has given up, and
     *     uses up the server's connections. Empty if the server's operating system does not support it.
     * @throws UnusableDatabaseException if the database is out of reach, or UMS cannot work on it
     */
    String run() {
        try (Connection first = connections.open()) {
            checkEncoding(first);
            checkSessions(first);
            checkNumbering(first);
            return cancelingAbandonedStatements(first);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    "The database " + url + " cannot be used: " + oneLine(e),
                    "Make sure that PostgreSQL runs there, and that spring.datasource.url, username and password are"
                            + " right.",
                    e);
        }
    }

    /** In another encoding some messages cannot be stored, or cannot be settled after they were sent. */
    private void checkEncoding(Connection connection) throws SQLException {
        String encoding = ask(connection, "show server_encoding");
        if (!"UTF8".equals(encoding)) {
            throw new UnusableDatabaseException(
                    "The database " + url + " has the encoding " + encoding
                            + ", in which not every message can be stored; UMS needs UTF8.",
                    "Create another with `create database ums encoding 'UTF8' template template0` and set"
                            + " spring.datasource.url to it.",
                    null);
        }
    }

    /**
     * Two open connections must be two sessions. If one sees a setting of the other, or does not see its own, a pooler assigns
     * sessions by transaction or by statement.
     */
    private void checkSessions(Connection first) throws SQLException {
        try (Connection second = connections.open()) {
            for (int round = 0; round < ROUNDS; round++) {
                if (!keeps(first, second) || !keeps(second, first)) {
                    throw new UnusableDatabaseException(
                            "Between UMS and the database " + url
                                    + " a pooler gives each transaction a session of its own choice; UMS needs its"
                                    + " sessions for as long as its connections last.",
                            "Set pool_mode=session for UMS (PgBouncer), or connect it to PostgreSQL directly.",
                            null);
                }
            }
        }
    }

    /** Migrations were renumbered before the first release, and no migration leads from the tables before that to today's. */
    private void checkNumbering(Connection connection) throws SQLException {
        if (ask(connection, "select to_regclass('flyway_schema_history')").equals("null")) {
            return;
        }
        String first = ask(connection, "select min(description) from flyway_schema_history where version = '1'");
        if (first.equals("ledger and outbox")) {
            throw new UnusableDatabaseException(
                    "The database " + url + " has the tables of a version of UMS from before 0.1.0, which this one"
                            + " cannot use.",
                    "Start on an empty database, or, where none is configured, with another ums.home; the version that"
                            + " made these tables still sends what is in them.",
                    null);
        }
    }

    private static boolean keeps(Connection mine, Connection other) throws SQLException {
        String mark = UUID.randomUUID().toString();
        try (PreparedStatement set = mine.prepareStatement("select set_config('ums.session', ?, false)")) {
            set.setString(1, mark);
            set.execute();
        }
        String asked = "select current_setting('ums.session', true)";
        return !mark.equals(ask(other, asked)) && mark.equals(ask(mine, asked));
    }

    private static String cancelingAbandonedStatements(Connection connection) {
        String set = "set client_connection_check_interval = '2s'";
        try (Statement statement = connection.createStatement()) {
            statement.execute(set);
            return set;
        } catch (SQLException e) {
            log.info("The database will not cancel statements of disconnected clients: {}", oneLine(e));
            return "";
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static String oneLine(SQLException fault) {
        return String.valueOf(fault.getMessage()).replaceAll("\\s+", " ");
    }

    /** Opens a connection. */
    interface Connections {
        Connection open() throws SQLException;
    }
}
