package ums.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run.
 *
 * @param scenario the scenario to run; chaos by default
 * @param duration how long the load and the faults last
 * @param seed determines the sequence of faults
 * @param processes how many UMS processes share the database
 * @param providers how many SMTP servers UMS has a route over; 1 or 2
 * @param rate messages posted a second
 * @param messages how many a scenario uses; null for its default
 * @param onUnknown RETRY or REVIEW
 * @param faults the kinds of faults in chaos
 * @param large the share of messages of 1 to 9.8 MB in chaos
 * @param jar UMS's jar
 * @param folder the folder for the files of runs
 * @param extra settings that are passed to each UMS process
 */
record Options(
        String scenario,
        Duration duration,
        long seed,
        int processes,
        int providers,
        double rate,
        @Nullable Integer messages,
        String onUnknown,
        Set<Fault.Kind> faults,
        double large,
        Path jar,
        Path folder,
        List<String> extra) {

    static final String HELP = """
            bench/chaos [options] [-- settings for UMS]

              --minutes 10         how long faults last, a fraction is fine
              --seed 42            the same seed: the same sequence of faults
              --processes 2        UMS processes on one database
              --providers 1        or 2: SMTP servers that fail in turn, UMS goes on from one to the other
              --rate 100           messages posted a second
              --on-unknown RETRY   or REVIEW
              --faults all         or those of chaos that are named: kill,stop,suspend,database-kill,cut,smtp-down,
                                   smtp-garble,database-clock,process-clock,poison
              --large 0.005        the share of messages of 1 to 9.8 MB in chaos
              --scenario chaos     or share (its parts: share-killed, share-stopped, share-outage),
                                   server-down, overtake, sigterm, hang-domain, limits, slow-clients, loans,
                                   clocks, large, lists, forms, kafka, kafka-chaos, kafka-away, kafka-off
              --messages n         how many a scenario uses, instead of what it needs by default
              --jar target/ums.jar the server; build it first: mvn -DskipTests package
              --folder bench/target/runs

            Starts a PostgreSQL, an SMTP server and UMS, all of its own, and stops them. Exit code 0: all was kept.
            1: something lost, sent twice unasked, taken by both SMTP servers, or not ended. 2: the run itself failed.
            """;

    /** Parses the command line. */
    static Options of(String... words) {
        CommandLine line = new CommandLine(List.of(words));
        String messages = line.take("messages", "");
        Options options = new Options(
                line.take("scenario", "chaos"),
                Duration.ofMillis((long) (Double.parseDouble(line.take("minutes", "10")) * 60_000)),
                Long.parseLong(line.take("seed", "42")),
                line.take("processes", 2),
                line.take("providers", 1),
                Double.parseDouble(line.take("rate", "100")),
                messages.isEmpty() ? null : Integer.valueOf(messages),
                line.take("on-unknown", "RETRY"),
                Fault.Kind.named(line.take("faults", "all")),
                Double.parseDouble(line.take("large", "0.005")),
                Path.of(line.take("jar", "target/ums.jar")).toAbsolutePath(),
                Path.of(line.take("folder", "bench/target/runs")).toAbsolutePath(),
                line.extra());
        line.refuseOthers();
        if (options.providers < 1 || options.providers > 2) {
            throw new IllegalArgumentException("--providers is 1 or 2");
        }
        return options;
    }

    /** The same options with another number of processes. */
    Options withProcesses(int count) {
        return new Options(
                scenario, duration, seed, count, providers, rate, messages, onUnknown, faults, large, jar, folder,
                extra);
    }

    /** The same options with another {@code on-unknown}. */
    Options withOnUnknown(String answer) {
        return new Options(
                scenario, duration, seed, processes, providers, rate, messages, answer, faults, large, jar, folder,
                extra);
    }

    /** The same options with other settings for UMS. */
    Options withExtra(List<String> settings) {
        return new Options(
                scenario,
                duration,
                seed,
                processes,
                providers,
                rate,
                messages,
                onUnknown,
                faults,
                large,
                jar,
                folder,
                List.copyOf(settings));
    }

    /** The number of messages, or the scenario's default. */
    int messagesOr(int otherwise) {
        return messages == null ? otherwise : messages;
    }
}
