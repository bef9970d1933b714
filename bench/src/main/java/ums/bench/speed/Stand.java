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

/** The environment of a benchmark: a PostgreSQL server, UMS processes on it, and other programs. */
final class Stand implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final Duration STARTING = Duration.ofMinutes(2);
    private static final Duration STOPPING = Duration.ofMinutes(2);
    private static final String JAR = "ums.jar";

    /** Besides these, PostgreSQL's defaults, so full durability. */
    private static final String DATABASE = """
            max_connections = 200
            shared_buffers = 1GB
            """;

    /** All tables with data about messages, whatever their names. */
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

    /** Shares everything with another stand except for the database, UMS's jar and settings, and the API key. */
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
        // A copy, as a build may replace the jar during the run.
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
     * Starts a UMS process on the stand's database and waits until it is ready. The first one creates the tables, and the API
     * key is created with it.
     *
     * @param home the name of its home folder; for one process at a time
     * @param role its {@code ums.role}
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
     * A stand with a copy of this one's database and API key. Called while no UMS process is connected. It is closed with this
     * one.
     */
    Stand copy(String name) throws IOException {
        postgres.createDatabase(name, database);
        return new Stand(this, name, client, launch, settings);
    }

    /** A stand with an empty database and another jar or other settings. It is closed with this one. */
    Stand beside(String name, Path jar, List<String> others) throws IOException {
        postgres.createDatabase(name);
        Path kept = folder.resolve(name + ".jar");
        Files.copy(jar, kept);
        return new Stand(this, name, new Client(http, password), List.of("-jar", kept.toString()), others);
    }

    /** A process on its embedded database, not started yet; {@code java} are arguments besides the JVM's options. */
    UmsProcess embedded(List<String> java) throws IOException {
        List<String> all = new ArrayList<>(setup.jvm());
        all.addAll(java);
        List<String> settings = new ArrayList<>(List.of("--ums.inbox.port=" + Postgres.freePort()));
        settings.addAll(setup.extra());
        UmsProcess process = new UmsProcess(0, all, folder.resolve("embedded"), settings, http);
        embedded.add(process);
        return process;
    }

    /** Sets the arguments of {@code java} for later UMS processes, besides the JVM's options. */
    void launch(List<String> java) {
        launch = java;
    }

    /** The server's jar. */
    Path jar() {
        return folder.resolve(JAR);
    }

    /** Sends SIGTERM and waits for the process's end. */
    void stop(UmsProcess process) throws IOException, InterruptedException {
        if (process.terminate(STOPPING) == null) {
            process.kill();
        }
        processes.remove(process);
        embedded.remove(process);
    }

    /** Removes all messages, then vacuums and checkpoints the database. */
    void emptyLedger() throws IOException {
        execute(EMPTY);
        calm();
    }

    /** Vacuums and checkpoints, so that no after-effects of earlier lines are measured. */
    void calm() throws IOException {
        execute("vacuum analyze");
        execute("checkpoint");
    }

    void execute(String sql) throws IOException {
        postgres.execute(sql, database, PATIENCE);
    }

    /** The single number that a query returns. */
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

    /** The admin's password. */
    String password() {
        return password;
    }

    /** The API key. */
    String key() {
        return client.key();
    }

    /** Writes a resource to a file of this run, with a word replaced. */
    Path resource(String name, String word, String replacement) throws IOException {
        try (var in = Stand.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            String text = new String(in.readAllBytes()).replace(word, replacement);
            return Files.writeString(folder.resolve(replacement + name), text);
        }
    }

    /** Writes a text to a file of this run. */
    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** The folder for programs that are unpacked once for all runs. */
    Path unpacked(String name) {
        return setup.folder().resolveSibling(name);
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Another run uses it.
        }
    }

    private synchronized void end() {
        programs.close();
        processes.forEach(UmsProcess::close);
        try {
            // If they were killed, their databases would keep running.
            for (UmsProcess process : embedded) {
                process.terminate(STOPPING);
            }
            postgres.close();
            Files.deleteIfExists(folder.resolve(JAR));
        } catch (IOException | InterruptedException e) {
            // Remaining files do no harm.
        }
    }
}
