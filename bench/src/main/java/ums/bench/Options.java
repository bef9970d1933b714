package ums.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the caller wants.
 *
 * @param scenario which program to run; chaos when left out
 * @param duration how long the load and the faults last
 * @param seed of the faults' order
 * @param processes how many UMS processes share the database
 * @param rate messages posted a second
 * @param messages how many a scenario uses; null: as many as it says
 * @param onUnknown RETRY or REVIEW
 * @param jar the server
 * @param folder where runs keep their files
 * @param extra settings handed to each UMS process as they are
 */
record Options(
        String scenario,
        Duration duration,
        long seed,
        int processes,
        double rate,
        @Nullable Integer messages,
        String onUnknown,
        Path jar,
        Path folder,
        List<String> extra) {

    static final String HELP = """
            bench/chaos [options] [-- settings for UMS]

              --minutes 10         how long faults last, a fraction is fine
              --seed 42            the same seed: the same order of faults
              --processes 2        UMS processes on one database
              --rate 100           messages posted a second
              --on-unknown RETRY   or REVIEW
              --scenario chaos     or share (its parts: share-killed, share-stopped, share-outage),
                                   server-down, overtake, sigterm, hang-domain, limits, slow-clients
              --messages n         how many a scenario uses, instead of what it needs by default
              --jar target/ums.jar the server; build it first: mvn -DskipTests package
              --folder bench/target/runs

            Starts a PostgreSQL, an SMTP server and UMS, all of its own, and stops them. Exit code 0: all was kept.
            1: something lost, sent twice unasked, or not ended. 2: the run itself failed.
            """;

    /** Reads the command line. */
    static Options of(String... words) {
        Map<String, String> named = new HashMap<>();
        int i = 0;
        for (; i < words.length && !words[i].equals("--"); i += 2) {
            if (!words[i].startsWith("--") || i + 1 == words.length) {
                throw new IllegalArgumentException("not understood: " + words[i]);
            }
            named.put(words[i].substring(2), words[i + 1]);
        }
        List<String> extra = i < words.length ? List.of(words).subList(i + 1, words.length) : List.of();
        String messages = named.remove("messages");
        Options options = new Options(
                take(named, "scenario", "chaos"),
                Duration.ofMillis((long) (Double.parseDouble(take(named, "minutes", "10")) * 60_000)),
                Long.parseLong(take(named, "seed", "42")),
                Integer.parseInt(take(named, "processes", "2")),
                Double.parseDouble(take(named, "rate", "100")),
                messages == null ? null : Integer.valueOf(messages),
                take(named, "on-unknown", "RETRY"),
                Path.of(take(named, "jar", "target/ums.jar")).toAbsolutePath(),
                Path.of(take(named, "folder", "bench/target/runs")).toAbsolutePath(),
                extra);
        if (!named.isEmpty()) {
            throw new IllegalArgumentException("not understood: " + named.keySet());
        }
        return options;
    }

    private static String take(Map<String, String> named, String name, String otherwise) {
        String value = named.remove(name);
        return value == null ? otherwise : value;
    }

    /** The same with other processes. */
    Options withProcesses(int count) {
        return new Options(scenario, duration, seed, count, rate, messages, onUnknown, jar, folder, extra);
    }

    /** The same with another answer to an unknown outcome. */
    Options withOnUnknown(String answer) {
        return new Options(scenario, duration, seed, processes, rate, messages, answer, jar, folder, extra);
    }

    /** The same with other settings for UMS. */
    Options withExtra(List<String> settings) {
        return new Options(
                scenario, duration, seed, processes, rate, messages, onUnknown, jar, folder, List.copyOf(settings));
    }

    /** How many messages, where the caller did not say. */
    int messagesOr(int otherwise) {
        return messages == null ? otherwise : messages;
    }
}
