package ums.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The folder of the embedded PostgreSQL: {@code data}, {@code password}, {@code port} and {@code postgres.log}.
 *
 * @param path the folder, absolute and without symbolic links
 */
record ServerFolder(Path path) {

    private static final Logger log = LoggerFactory.getLogger(ServerFolder.class);

    private static final Pattern SHELL_CHARACTERS = Pattern.compile("[$`\"\\\\\\r\\n]");

    private static final String UNFINISHED = "data.new-";
    private static final int LOG_LIMIT_BYTES = 10 * 1024 * 1024;

    /** The range of ports is below the ephemeral ports, so that no outgoing connection takes the port by chance. */
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS = 12_000;

    /**
     * The server's settings. Durability is PostgreSQL's default and set all the same, as everything relies on it. A
     * large WAL and rare checkpoints write fewer full-page images. Parallel queries are off, so that an operator's
     * query leaves cores to the dispatcher. The log holds the server's own messages and not clients' errors: the
     * clients report those, and their values stay out of it.
     */
    private static final String SETTINGS = """
            # Written by UMS at every start; ALTER SYSTEM is the way to change a setting.
            listen_addresses = '127.0.0.1'
            port = %s
            unix_socket_directories = ''
            max_connections = 100
            password_encryption = 'scram-sha-256'
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            shared_buffers = 256MB
            min_wal_size = 128MB
            max_wal_size = 2GB
            checkpoint_timeout = 15min
            wal_compression = on
            random_page_cost = 1.1
            max_parallel_workers_per_gather = 0
            jit = off
            client_connection_check_interval = 2s
            timezone = 'UTC'
            log_timezone = 'UTC'
            log_min_messages = log
            log_checkpoints = off
            log_error_verbosity = terse
            """;

    /** Creates the folder where it is missing. */
    static ServerFolder at(Path path) throws IOException {
        return new ServerFolder(OwnerOnly.folder(path).toRealPath());
    }

    /** PostgreSQL's programs call each other through a shell, with their paths in double quotes. */
    void refuseShellCharacters() {
        if (SHELL_CHARACTERS.matcher(path.toString()).find()) {
            throw new SandboxException(
                    "The embedded PostgreSQL cannot run in %s: its programs hand the path to a shell, which reads $, `, \", \\"
                                    .formatted(path)
                            + " and line breaks as something else.",
                    "Choose with ums.home a folder whose whole path has none of them, or set spring.datasource.url to a"
                            + " PostgreSQL of your own.");
        }
    }

    /** The data folder; exists only after {@code initdb} succeeded. */
    Path data() {
        return path.resolve("data");
    }

    /** The log file of the programs and the server. */
    Path log() {
        return path.resolve("postgres.log");
    }

    private Path portFile() {
        return path.resolve("port");
    }

    private Path passwordFile() {
        return path.resolve("password");
    }

    /**
     * Creates the password and the data folder at the first start. A kill at any point leaves each of them complete or
     * ignored.
     *
     * @throws SandboxException if {@code initdb} fails
     */
    void prepare(PostgresPrograms programs, ServerAccount account) throws IOException {
        deleteRemains();
        if (Files.exists(data())) {
            return;
        }
        if (!Files.exists(passwordFile())) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Disk.write(passwordFile(), Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        account.own(passwordFile());
        // The folder gets a unique name: an initdb that outlived a killed UMS may still be running, and would delete
        // this folder too.
        Path fresh = Files.createTempDirectory(path, UNFINISHED);
        account.own(fresh);
        // The built-in locale C.UTF-8 sorts by code point on every platform and maps the case of all scripts.
        programs.run(
                "initdb",
                "--pgdata=" + fresh,
                "--username=" + EmbeddedPostgres.USERNAME,
                "--pwfile=" + passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8");
        Disk.rename(fresh, data());
    }

    /** Deletes the folders of interrupted first starts; a later start deletes those that cannot be deleted yet. */
    private void deleteRemains() throws IOException {
        List<Path> remains;
        try (Stream<Path> files = Files.list(path)) {
            remains = files.filter(file -> file.getFileName().toString().startsWith(UNFINISHED))
                    .toList();
        }
        for (Path each : remains) {
            try {
                FileSystemUtils.deleteRecursively(each);
            } catch (IOException e) {
                log.debug("{} cannot be deleted yet", each, e);
            }
        }
    }

    /** The password of the server's only user. */
    String password() throws IOException {
        return Files.readString(passwordFile()).strip();
    }

    /** The port of the last start if it is free, else a new one, which is saved. */
    int port() throws IOException {
        if (Files.exists(portFile())) {
            int remembered = Integer.parseInt(Files.readString(portFile()).strip());
            if (isFree(remembered)) {
                return remembered;
            }
        }
        int port = new SecureRandom()
                .ints(LOWEST_PORT, LOWEST_PORT + PORTS)
                .filter(ServerFolder::isFree)
                .findFirst()
                .orElseThrow();
        Disk.write(portFile(), String.valueOf(port));
        return port;
    }

    /** Whether a port of 127.0.0.1 is free. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the server's settings. Those set by {@code ALTER SYSTEM} still override them. */
    void writeSettings(int port, ServerAccount account) throws IOException {
        Path file = data().resolve("postgresql.conf");
        Disk.write(file, SETTINGS.formatted(port));
        account.own(file);
    }

    /** Creates the log where it is missing, and rolls it where it is too large; one older log is kept. */
    void prepareLog(ServerAccount account) throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LOG_LIMIT_BYTES) {
            Files.move(log(), path.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log())) {
            OwnerOnly.file(log());
        }
        account.own(log());
    }
}
