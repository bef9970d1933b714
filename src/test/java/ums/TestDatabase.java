package ums;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.test.context.DynamicPropertyRegistry;
import ums.sandbox.EmbeddedPostgres;

/**
 * A new, empty database for a test, on one real and durable PostgreSQL for all tests of this JVM. The server starts when the
 * first test needs it and stops with the JVM; its databases are dropped.
 *
 * @param url its JDBC URL
 * @param username the server's superuser
 * @param password that user's password
 */
public record TestDatabase(String url, String username, String password) {

    private static final AtomicInteger count = new AtomicInteger();

    /** Creates a database for one test only. */
    public static TestDatabase fresh() {
        EmbeddedPostgres server = Server.RUNNING;
        String name = "test_" + count.incrementAndGet();
        execute(server, "CREATE DATABASE " + name);
        return new TestDatabase(
                server.jdbcUrl().replaceFirst("/[^/]*$", "/" + name), server.username(), server.password());
    }

    /** Makes a Spring test use this database. */
    public void register(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", this::url);
        registry.add("spring.datasource.username", this::username);
        registry.add("spring.datasource.password", this::password);
    }

    /** Opens a connection outside any pool. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    private static void execute(EmbeddedPostgres server, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server, started by the first test. */
    private static final class Server {

        /** A field, as a channel without references would be closed by the garbage collector, which releases the lock. */
        private static FileChannel lock;

        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            EmbeddedPostgres server = EmbeddedPostgres.start(ownFolder());
            // After the contexts, which would wait half a minute for a missing database.
            SpringApplication.getShutdownHandlers().add(server::close);
            dropLeftovers(server);
            return server;
        }

        /** The first folder that no other JVM has locked, as several may run tests at once. Locked until this JVM ends. */
        private static Path ownFolder() {
            try {
                for (int number = 1; ; number++) {
                    Path folder = Files.createDirectories(Path.of("target", "test-postgres", String.valueOf(number)));
                    lock = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    if (lock.tryLock() != null) {
                        return folder;
                    }
                    lock.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void dropLeftovers(EmbeddedPostgres server) {
            List<String> names = new ArrayList<>();
            try (Connection connection =
                            DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                    Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            names.forEach(name -> execute(server, "DROP DATABASE " + name + " WITH (FORCE)"));
        }
    }
}
