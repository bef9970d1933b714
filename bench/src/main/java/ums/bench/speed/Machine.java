package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;

/** The date and the machine of a measurement. */
final class Machine {

    private Machine() {}

    /** Describes both in one line. */
    static String describe() throws IOException {
        long memory =
                Long.parseLong(find("/proc/meminfo", "MemTotal").orElse("0").replaceAll("\\D", ""));
        return "%s, %d processors (%s), %d GiB, %s %s, Java %s"
                .formatted(
                        LocalDate.now(),
                        Runtime.getRuntime().availableProcessors(),
                        find("/proc/cpuinfo", "model name").orElse("unknown"),
                        Math.round(memory / 1024.0 / 1024),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("java.version"));
    }

    private static Optional<String> find(String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }
    }
}
