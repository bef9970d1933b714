package ums.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real, durable PostgreSQL 18 in a folder, for as long as this object is open. Whatever happens to either process,
 * the next start simply works; a server that dies while this object is open is started again on the same port.
 *
 * <p>Only one process may open a folder at a time; {@link UmsHome} sees to that.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    static final String USERNAME = "ums";

    private static final String DATABASE = "ums";
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private final PostgresServer server;
    private final int port;
    private final String password;
    private final Watchdog watchdog;

    private EmbeddedPostgres(PostgresServer server, int port, String password, Watchdog watchdog) {
        this.server = server;
        this.port = port;
        this.password = password;
        this.watchdog = watchdog;
    }

    /**
     * Starts the server and waits until its database can be used: a tenth of a second, at the first start about three
     * seconds.
     *
     * @param folder the folder for its programs and data
     * @throws SandboxException if it does not start; the message holds PostgreSQL's output
     */
    public static EmbeddedPostgres start(Path folder) {
        return start(folder, folder, ServerAccount::choose);
    }

    /** For tests: starts with programs that are unpacked elsewhere and another choice of the account. */
    static EmbeddedPostgres start(Path folder, Path programsFolder, ServerAccount.Choice choice) {
        try {
            ServerFolder serverFolder = ServerFolder.at(folder);
            serverFolder.refuseShellCharacters();
            PostgresBinaries binaries = PostgresBinaries.unpack(programsFolder);
            ServerAccount account = choice.choose(serverFolder);
            account.own(serverFolder.path());
            serverFolder.prepareLog(account);
            PostgresPrograms programs = new PostgresPrograms(binaries, account, serverFolder);
            PostgresServer server = new PostgresServer(serverFolder, account, programs);
            server.stop();
            serverFolder.prepare(programs, account);
            binaries.deleteOthers();
            return open(serverFolder, server);
        } catch (IOException e) {
            throw new SandboxException(
                    "The embedded PostgreSQL in %s cannot be started: %s".formatted(folder, e),
                    "Make sure that the folder can be written and that the disk has room.",
                    e);
        }
    }

    private static EmbeddedPostgres open(ServerFolder folder, PostgresServer server) throws IOException {
        String password = folder.password();
        int port = folder.port();
        Postmaster postmaster;
        try {
            postmaster = server.start(port);
        } catch (PostgresFailure e) {
            if (ServerFolder.isFree(port)) {
                throw e;
            }
            // Another program took the port since it was checked.
            port = folder.port();
            postmaster = server.start(port);
        }
        EmbeddedPostgres postgres =
                new EmbeddedPostgres(server, port, password, new Watchdog(server, postmaster, port));
        try {
            log.info("Embedded PostgreSQL {} on port {}, data in {}", postgres.createDatabase(), port, folder.data());
        } catch (SQLException e) {
            server.stop();
            throw new SandboxException(
                    "The embedded PostgreSQL in %s starts but refuses UMS: %s".formatted(folder.path(), e.getMessage()),
                    "Make sure that the folder's files, of which one is its password, belong together.",
                    e);
        }
        postgres.watchdog.start();
        return postgres;
    }

    /** Creates the database where it is missing and returns the server's version. */
    private String createDatabase() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USERNAME);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "60");
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), properties);
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The JDBC URL of the database; constant for as long as this object is open. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The server's only user, a superuser. */
    public String username() {
        return USERNAME;
    }

    /** The user's password; constant for as long as the folder exists. */
    public String password() {
        return password;
    }

    /** The port on 127.0.0.1; the same at every start unless another program takes it. */
    public int port() {
        return port;
    }

    /**
     * Stops the server; open connections are closed. Does nothing the second time.
     *
     * @throws SandboxException if the server cannot be stopped
     */
    @Override
    public void close() {
        watchdog.stop();
        try {
            server.stop();
        } catch (IOException e) {
            throw new SandboxException("The embedded PostgreSQL cannot be stopped: " + e, "Stop it by hand.", e);
        }
    }
}
