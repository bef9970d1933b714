package ums.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The parts of a run: a database, SMTP servers, and UMS processes that reach both through proxies. */
final class Site implements AutoCloseable {

    private static final String JAR = "ums.jar";
    private static final String DATABASE = "postgres";
    private static final String CONFIGURATION = """
            max_connections = 300
            shared_buffers = 256MB
            max_wal_size = 4GB
            """;

    static final Duration STARTING = Duration.ofMinutes(10);

    private final Postgres postgres;
    private final DatabaseClock databaseClock;
    private final SmtpServers smtp;
    private final @Nullable Broker broker;
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final List<UmsProcess> processes = new ArrayList<>();
    private final List<ProcessClock> clocks = new ArrayList<>();
    private final HttpClient http;
    private final Client client;
    private final Path folder;
    private final Thread hook = new Thread(this::end);

    private Site(
            Postgres postgres, SmtpServers smtp, @Nullable Broker broker, HttpClient http, Client client, Path folder) {
        this.postgres = postgres;
        this.databaseClock = new DatabaseClock(postgres, folder.resolve(DATABASE));
        this.smtp = smtp;
        this.broker = broker;
        this.http = http;
        this.client = client;
        this.folder = folder;
    }

    /** Starts all parts and waits until every process is ready. */
    static Site start(Options options) throws IOException, InterruptedException {
        return start(options, Collections.nCopies(options.processes(), "all"), false);
    }

    /**
     * Starts all parts, with a broker if wanted, and waits until every process is ready.
     *
     * @param roles the role of each process
     */
    static Site start(Options options, List<String> roles, boolean kafka) throws IOException, InterruptedException {
        if (!Files.exists(options.jar())) {
            throw new IOException(options.jar() + " is missing: mvn -DskipTests package");
        }
        Path folder = Files.createTempDirectory(Files.createDirectories(options.folder()), options.scenario() + "-");
        // A copy, as a build may replace the jar while processes are restarted.
        Files.copy(options.jar(), folder.resolve(JAR));
        Path binaries = PostgresBinaries.unpack(options.folder().resolveSibling("postgres-binaries"));
        String password = UUID.randomUUID().toString();
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        Postgres postgres = Postgres.start(binaries, folder.resolve(DATABASE), CONFIGURATION);
        Site site = new Site(
                postgres,
                new SmtpServers(options.providers(), roles.size(), options.seed()),
                kafka ? Broker.start(folder.resolve("kafka")) : null,
                http,
                new Client(http, password),
                folder);
        Runtime.getRuntime().addShutdownHook(site.hook);
        try {
            ProcessClock.pack(folder);
            site.databaseClock.prepare();
            for (String role : roles) {
                site.add(options, role, password);
            }
            if (options.providers() > 1) {
                Failovers.watch(postgres);
            }
            site.client.makeKey(site.processes.getFirst());
            // The other processes know the new key within five seconds.
            Thread.sleep(roles.size() > 1 ? 5000 : 0);
            return site;
        } catch (IOException | InterruptedException | RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** Adds one process after the other, so that only the first one creates the tables and the machine is not overloaded. */
    private void add(Options options, String role, String password) throws IOException, InterruptedException {
        int number = processes.size();
        TcpProxy proxy = new TcpProxy(postgres.port());
        proxies.add(proxy);
        List<String> settings = new ArrayList<>(postgres.settings(proxy.port()));
        if (broker != null) {
            settings.add("--ums.kafka.bootstrap-servers=" + broker.address());
        }
        settings.addAll(smtp.settings(number));
        settings.addAll(List.of(
                "--ums.role=" + role,
                "--ums.admin.password=" + password,
                "--ums.dispatch.stale-after=20s",
                "--ums.dispatch.heartbeat-timeout=5s",
                "--ums.retry.initial-delay=1s",
                "--ums.retry.multiplier=2",
                "--ums.retry.max-delay=10s",
                "--ums.retry.max-attempts=1000",
                "--ums.limits.requests-per-second=100000",
                "--ums.limits.burst=1000000",
                "--ums.delivery.on-unknown=" + options.onUnknown()));
        // A setting that is given twice would become a list.
        options.extra().forEach(it -> settings.removeIf(old -> old.startsWith(it.substring(0, it.indexOf('=') + 1))));
        settings.addAll(options.extra());
        Path home = folder.resolve("ums-" + number);
        ProcessClock clock = new ProcessClock(Files.createDirectories(home).resolve("clock"));
        clocks.add(clock);
        UmsProcess process = new UmsProcess(number, java(home, clock), home, settings, http);
        processes.add(process);
        process.start();
        process.awaitReady(STARTING);
    }

    private List<String> java(Path home, ProcessClock clock) {
        return List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=" + home.resolve("heap.hprof"),
                clock.option(folder),
                "-jar",
                folder.resolve(JAR).toString());
    }

    Postgres postgres() {
        return postgres;
    }

    /** The database's clock as UMS sees it. */
    DatabaseClock databaseClock() {
        return databaseClock;
    }

    /** The clocks of a UMS process as it sees them. */
    ProcessClock clock(int process) {
        return clocks.get(process);
    }

    SmtpServers smtp() {
        return smtp;
    }

    /** The broker, if there is one. */
    Broker broker() {
        if (broker == null) {
            throw new IllegalStateException("this run has no Kafka");
        }
        return broker;
    }

    boolean hasBroker() {
        return broker != null;
    }

    TcpProxy proxy(int process) {
        return proxies.get(process);
    }

    List<UmsProcess> processes() {
        return processes;
    }

    UmsProcess process(int number) {
        return processes.get(number);
    }

    Client client() {
        return client;
    }

    Ledger ledger() {
        return new Ledger(postgres);
    }

    /** The folder with this run's logs. */
    Path folder() {
        return folder;
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
        processes.forEach(UmsProcess::close);
        proxies.forEach(TcpProxy::close);
        if (broker != null) {
            broker.close();
        }
        postgres.close();
        try {
            Files.deleteIfExists(folder.resolve(JAR));
            smtp.close();
        } catch (IOException e) {
            // It ends with this program anyway.
        }
    }
}
