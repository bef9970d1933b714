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
 * <p>The caller makes sure that nobody else opens one on the same folder: UMS by {@link UmsHome}.
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
     * Starts the server and waits until its database can be used: a tenth of a second, at the first start about three.
     *
     * @param folder where its programs and data stand, or are to stand
     * @throws SandboxException if it does not start; says what PostgreSQL said
     */
    public static EmbeddedPostgres start(Path folder) {
        return start(folder, folder, ServerAccount::choose);
    }

    /** Starts with programs that are unpacked elsewhere and an account of the caller's choice. */
    static EmbeddedPostgres start(Path folder, Path programsFolder, ServerAccount.Choice choice) {
        try {
            ServerFolder place = ServerFolder.at(folder);
            place.refuseLettersOfTheShell();
            PostgresBinaries binaries = PostgresBinaries.unpack(programsFolder);
            ServerAccount account = choice.choose(place);
            account.own(place.path());
            place.prepareLog(account);
            PostgresPrograms programs = new PostgresPrograms(binaries, account, place);
            PostgresServer server = new PostgresServer(place, account, programs);
            server.stop();
            place.prepare(programs, account);
            binaries.deleteOthers();
            return open(place, server);
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
            // Somebody took the port in the moment since it was looked at.
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

    /** Where the database is; stays the same for as long as this object is open. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The server's one user, who may do everything. */
    public String username() {
        return USERNAME;
    }

    /** That user's password; stays the same for as long as the folder exists. */
    public String password() {
        return password;
    }

    /** The port on 127.0.0.1; stays the same from start to start unless another program takes it. */
    public int port() {
        return port;
    }

    /**
     * Stops the server; connections that are still open are cut off. Does nothing the second time.
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
