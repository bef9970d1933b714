package ums.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A durable PostgreSQL server for the run, which can be killed with all its processes and started again on the same port. */
public final class Postgres implements AutoCloseable {

    /** UMS's database. */
    public static final String DATABASE = "ums";

    /** The superuser. */
    public static final String USER = "ums";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration STARTING = Duration.ofSeconds(60);

    private final Path bin;
    private final Path folder;
    private final int port;
    private final String settings;
    private final String password = UUID.randomUUID().toString();
    private final List<String> account;
    private @Nullable Process server;

    private Postgres(Path bin, Path folder, int port, String settings, List<String> account) {
        this.bin = bin;
        this.folder = folder;
        this.port = port;
        this.settings = settings;
        this.account = account;
    }

    /**
     * Creates a data folder below {@code folder} and starts a server on it.
     *
     * @param settings lines of its configuration; they cannot switch durability off
     */
    public static Postgres start(Path binaries, Path folder, String settings) throws IOException, InterruptedException {
        boolean root = "root".equals(System.getProperty("user.name"));
        // PostgreSQL refuses to run as root. In a user namespace that maps no user, root appears as nobody.
        Postgres postgres = new Postgres(
                binaries.resolve("bin"),
                Files.createDirectories(folder),
                freePort(),
                settings,
                root ? List.of("unshare", "-U") : List.of());
        postgres.prepare();
        postgres.start();
        postgres.createDatabase(DATABASE);
        return postgres;
    }

    private void prepare() throws IOException, InterruptedException {
        Path secret = Files.writeString(folder.resolve("password"), password);
        int code = process(
                        "initdb",
                        "--pgdata=data",
                        "--username=" + USER,
                        "--pwfile=" + secret.toAbsolutePath(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--no-locale")
                .waitFor();
        if (code != 0) {
            throw new IOException("initdb failed, see " + folder.resolve("postgres.log"));
        }
        Files.writeString(folder.resolve("data/postgresql.auto.conf"), """
                port = %s
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                %s
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                """.formatted(port, settings));
    }

    /** Starts the server and waits until it accepts connections, after crash recovery if needed. */
    public synchronized void start() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (true) {
            Process process = server;
            if (process == null || !process.isAlive()) {
                server = process("postgres", "-D", "data");
            }
            try (Connection _ = open("postgres")) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("PostgreSQL does not start, see " + folder.resolve("postgres.log"), e);
                }
                Thread.sleep(100);
            }
        }
    }

    /** Kills all its processes at once, like a power failure that keeps the disk's cache. */
    synchronized void kill() throws InterruptedException {
        Process process = server;
        if (process == null) {
            return;
        }
        List<ProcessHandle> children = process.descendants().toList();
        // The postmaster is killed first, as it would start new children.
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        server = null;
    }

    /** Reloads its configuration, if it runs. */
    synchronized void reload() throws IOException, InterruptedException {
        Process process = server;
        if (process != null && process.isAlive()) {
            Signals.send("HUP", process.pid());
        }
    }

    @Override
    public synchronized void close() {
        Process process = server;
        if (process == null) {
            return;
        }
        try {
            Signals.send("INT", process.pid());
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException | InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        server = null;
    }

    /** Opens a connection to UMS's database, past every proxy. */
    Connection open() throws SQLException {
        return open(DATABASE);
    }

    private Connection open(String database) throws SQLException {
        return open(database, PATIENCE);
    }

    /** Opens a connection to a database, with {@code patience} as the timeout of its statements. */
    public Connection open(String database, Duration patience) throws SQLException {
        return DriverManager.getConnection(
                url(port, database) + "?connectTimeout=3&socketTimeout=" + patience.toSeconds(), USER, password);
    }

    /** Creates another, empty database. */
    public void createDatabase(String name) throws IOException {
        createDatabase(name, "template1");
    }

    /** Copies a database without connections. */
    public void createDatabase(String name, String model) throws IOException {
        execute("CREATE DATABASE " + name + " TEMPLATE " + model, "postgres", PATIENCE);
    }

    /** Executes a statement on UMS's database. */
    void execute(String sql) throws IOException {
        execute(sql, DATABASE, PATIENCE);
    }

    /** Executes a statement on a database. */
    public void execute(String sql, String database, Duration patience) throws IOException {
        try (Connection connection = open(database, patience);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** UMS's settings to connect through a port. */
    List<String> settings(int through) {
        return settings(through, DATABASE);
    }

    /** UMS's settings to connect to a database through a port. */
    public List<String> settings(int through, String database) {
        return List.of(
                "--spring.datasource.url=" + url(through, database),
                "--spring.datasource.username=" + USER,
                "--spring.datasource.password=" + password);
    }

    public int port() {
        return port;
    }

    /** The postmaster, whose children are all other processes. */
    public ProcessHandle process() {
        Process process = server;
        if (process == null) {
            throw new IllegalStateException("PostgreSQL does not run");
        }
        return process.toHandle();
    }

    /** The superuser's password. */
    public String password() {
        return password;
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Process process(String program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(account);
        words.add(bin.resolve(program).toString());
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("postgres.log").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    /** A free port. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
