package ums.bench.speed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ums.bench.Postgres;

/** postfix's test programs, from its Debian package, which is unpacked and not installed. */
final class Postfix {

    private static final int QUEUED_CONNECTIONS = 1024;
    private static final int LENGTH = 2048;

    private final Stand stand;
    private final Path folder;
    private final Map<String, String> environment;

    private Postfix(Stand stand, Path folder) {
        this.stand = stand;
        this.folder = folder;
        this.environment =
                Map.of("LD_LIBRARY_PATH", folder.resolve("usr/lib/postfix").toString());
    }

    /** Downloads and unpacks it unless an earlier run has. */
    static Postfix unpack(Stand stand) throws IOException, InterruptedException {
        Path folder = stand.unpacked("postfix");
        if (!Files.exists(folder)) {
            Path fresh = Files.createTempDirectory(Files.createDirectories(folder.getParent()), "postfix");
            stand.programs()
                    .run(
                            Map.of(),
                            List.of(
                                    "sh",
                                    "-ec",
                                    "cd '%s'; apt-get download postfix; dpkg -x postfix_*.deb .; chmod 755 ."
                                            .formatted(fresh)));
            Files.move(fresh, folder);
        }
        return new Postfix(stand, folder);
    }

    /**
     * Starts smtp-sink, which accepts every mail and discards it.
     *
     * @param options smtp-sink's options
     * @return its port
     */
    int sink(String... options) throws IOException, InterruptedException {
        int port = Postgres.freePort();
        List<String> words = new ArrayList<>(List.of(program("smtp-sink")));
        if ("root".equals(System.getProperty("user.name"))) {
            words.addAll(List.of("-u", "nobody"));
        }
        words.addAll(List.of(options));
        words.addAll(List.of("127.0.0.1:" + port, String.valueOf(QUEUED_CONNECTIONS)));
        Process process = stand.programs().start(environment, words);
        while (!listens(port)) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException("smtp-sink: " + process.inputReader().readAllAsString());
            }
        }
        return port;
    }

    /** Runs smtp-source: sends 2 KB mails over kept connections, as fast as it can. */
    Sample source(int port, int connections, int messages) throws IOException, InterruptedException {
        Meter meter = Meter.start(stand);
        stand.programs()
                .run(
                        environment,
                        List.of(
                                program("smtp-source"),
                                "-d",
                                "-s",
                                String.valueOf(connections),
                                "-m",
                                String.valueOf(messages),
                                "-l",
                                String.valueOf(LENGTH),
                                "-f",
                                "bench@bench.example",
                                "-t",
                                "customer@shop.example",
                                "127.0.0.1:" + port));
        return Sample.of(messages / meter.seconds(), meter.cost(messages));
    }

    private String program(String name) {
        return folder.resolve("usr/sbin").resolve(name).toString();
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
