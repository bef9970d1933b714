package ums.bench.speed;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import ums.bench.Client;
import ums.bench.Postgres;
import ums.bench.PostgresBinaries;
import ums.bench.UmsProcess;

/** What all lines of a benchmark have in common: one PostgreSQL, UMS processes on it, and other programs. */
final class Stand implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final Duration STARTING = Duration.ofMinutes(2);
    private static final Duration STOPPING = Duration.ofMinutes(2);
    private static final String JAR = "ums.jar";

    /** Beside it PostgreSQL's defaults, so full durability. */
    private static final String DATABASE = """
            max_connections = 200
            shared_buffers = 1GB
            """;

    /** All tables that hold something about messages, however UMS names them. */
    private static final String EMPTY = """
            do $$ begin execute (
                select 'truncate ' || string_agg(distinct quote_ident(table_name), ', ')
                from information_schema.tables join information_schema.columns using (table_schema, table_name)
                where table_schema = 'public' and table_type = 'BASE TABLE'
                  and (table_name = 'message' or column_name in ('message_id', 'aggregate_id')));
            end $$
            """;

    private final Setup setup;
    private final Path folder;
    private final Postgres postgres;
    private final String database;
    private final Programs programs;
    private final Set<UmsProcess> processes;
    private final Set<UmsProcess> embedded;
    private final HttpClient http;
    private final String password;
    private final Client client;
    private final Thread hook;
    private final List<String> settings;
    private List<String> launch;

    private Stand(Setup setup, Path folder, Postgres postgres, HttpClient http) {
        this.setup = setup;
        this.folder = folder;
        this.postgres = postgres;
        this.database = Postgres.DATABASE;
        this.programs = new Programs();
        this.processes = ConcurrentHashMap.newKeySet();
        this.embedded = ConcurrentHashMap.newKeySet();
        this.http = http;
        this.password = UUID.randomUUID().toString();
        this.client = new Client(http, password);
        this.hook = new Thread(this::end);
        this.launch = List.of("-jar", folder.resolve(JAR).toString());
        this.settings = List.of();
    }

    /** Another database, all else being shared but what UMS is started from, with what, and its API key. */
    private Stand(Stand other, String database, Client client, List<String> launch, List<String> settings) {
        this.setup = other.setup;
        this.folder = other.folder;
        this.postgres = other.postgres;
        this.database = database;
        this.programs = other.programs;
        this.processes = other.processes;
        this.embedded = other.embedded;
        this.http = other.http;
        this.password = other.password;
        this.client = client;
        this.hook = other.hook;
        this.launch = launch;
        this.settings = settings;
    }

    /** Starts the database. */
    static Stand start(String benchmark, Setup setup) throws IOException, InterruptedException {
        if (!Files.exists(setup.jar())) {
            throw new IOException(setup.jar() + " is missing: mvn -DskipTests package");
        }
        Path folder = Files.createTempDirectory(Files.createDirectories(setup.folder()), benchmark + "-");
        // A build that replaces the jar must not change what is measured.
        Files.copy(setup.jar(), folder.resolve(JAR));
        Path binaries = PostgresBinaries.unpack(setup.folder().resolveSibling("postgres-binaries"));
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        Postgres postgres = Postgres.start(binaries, folder.resolve("postgres"), DATABASE);
        Stand stand = new Stand(setup, folder, postgres, http);
        Runtime.getRuntime().addShutdownHook(stand.hook);
        return stand;
    }

    /**
     * Starts a UMS process on the stand's database and waits until it is ready. The first one makes the tables and the API
     * key.
     *
     * @param home the name of its folder; one process at a time
     * @param role what it is to do
     */
    UmsProcess ums(String home, String role, String... settings) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(postgres.settings(postgres.port(), database));
        all.addAll(List.of(
                "--ums.role=" + role,
                "--ums.admin.password=" + password,
                "--ums.limits.requests-per-second=10000000",
                "--ums.limits.burst=100000000"));
        all.addAll(List.of(settings));
        all.addAll(setup.extra());
        all.addAll(this.settings);
        List<String> java = new ArrayList<>(setup.jvm());
        java.addAll(launch);
        UmsProcess process = new UmsProcess(processes.size(), java, folder.resolve(home), all, http);
        processes.add(process);
        process.start();
        process.awaitReady(STARTING);
        if (client.key().isEmpty()) {
            client.makeKey(process);
        }
        return process;
    }

    /**
     * The same stand with a copy of its database, API key included, while no UMS process is connected. It ends with this
     * one.
     */
    Stand copy(String name) throws IOException {
        postgres.createDatabase(name, database);
        return new Stand(this, name, client, launch, settings);
    }

    /** The same stand with an empty database, another jar or other settings besides. It ends with this one. */
    Stand beside(String name, Path jar, List<String> others) throws IOException {
        postgres.createDatabase(name);
        Path kept = folder.resolve(name + ".jar");
        Files.copy(jar, kept);
        return new Stand(this, name, new Client(http, password), List.of("-jar", kept.toString()), others);
    }

    /** A process on its own embedded database, not started yet; {@code java} is what to tell it besides the JVM's options. */
    UmsProcess embedded(List<String> java) throws IOException {
        List<String> all = new ArrayList<>(setup.jvm());
        all.addAll(java);
        List<String> settings = new ArrayList<>(List.of("--ums.inbox.port=" + Postgres.freePort()));
        settings.addAll(setup.extra());
        UmsProcess process = new UmsProcess(0, all, folder.resolve("embedded"), settings, http);
        embedded.add(process);
        return process;
    }

    /** How UMS is started from now on: what to tell {@code java} besides the JVM's options. */
    void launch(List<String> java) {
        launch = java;
    }

    /** The server's jar. */
    Path jar() {
        return folder.resolve(JAR);
    }

    /** SIGTERM, and waits for its end. */
    void stop(UmsProcess process) throws IOException, InterruptedException {
        if (process.terminate(STOPPING) == null) {
            process.kill();
        }
        processes.remove(process);
        embedded.remove(process);
    }

    /** Removes all messages and makes the database as calm as it can be. */
    void emptyLedger() throws IOException {
        execute(EMPTY);
        calm();
    }

    /** Nothing left over from what went before: no dead rows, no checkpoint soon. */
    void calm() throws IOException {
        execute("vacuum analyze");
        execute("checkpoint");
    }

    void execute(String sql) throws IOException {
        postgres.execute(sql, database, PATIENCE);
    }

    /** The one number that a query gives. */
    long number(String sql) throws IOException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** A connection to UMS's database. */
    Connection open() throws SQLException {
        return postgres.open(database, PATIENCE);
    }

    Setup setup() {
        return setup;
    }

    Postgres postgres() {
        return postgres;
    }

    Programs programs() {
        return programs;
    }

    HttpClient http() {
        return http;
    }

    /** The admin's. */
    String password() {
        return password;
    }

    /** What messages are posted with. */
    String key() {
        return client.key();
    }

    /** A file of this run with the text of a resource, in which words may be replaced. */
    Path resource(String name, String word, String replacement) throws IOException {
        try (var in = Stand.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            String text = new String(in.readAllBytes()).replace(word, replacement);
            return Files.writeString(folder.resolve(replacement + name), text);
        }
    }

    /** The text as a file of this run. */
    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Programs unpacked once for all runs. */
    Path unpacked(String name) {
        return setup.folder().resolveSibling(name);
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private synchronized void end() {
        programs.close();
        processes.forEach(UmsProcess::close);
        try {
            // Killed, they would leave their database behind.
            for (UmsProcess process : embedded) {
                process.terminate(STOPPING);
            }
            postgres.close();
            Files.deleteIfExists(folder.resolve(JAR));
        } catch (IOException | InterruptedException e) {
            // What is left is in the way of nobody.
        }
    }
}
