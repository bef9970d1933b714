package ums.bench.speed;

import java.io.IOException;
import java.util.List;
import ums.bench.CommandLine;

/** Runs the benchmark that the command line names. */
final class Main {

    private static final String HELP = """
            bench/speed <benchmark> [options] [-- settings for UMS]

              accept   one message a request             --seconds 10 --connections 64 --share 0.7
              batch    500 messages a request            --seconds 10 --items 500
              send     a backlog to smtp-sink            --warm-up 30000 --messages 50000 --angus rendered

            and for all of them
              --rounds 5           how often each line is run, in turn with the others
              --jvm "-Xmx512m"     options of UMS's JVM
              --jar target/ums.jar the server; build it first: mvn -DskipTests package
              --folder bench/target/runs

            Starts a PostgreSQL and all else of its own, and stops it. Prints Markdown for docs/benchmarks.md.
            """;

    private Main() {}

    /** See the help. */
    public static void main(String[] words) {
        if (words.length == 0 || words[0].equals("--help")) {
            System.out.print(HELP);
            return;
        }
        System.exit(run(List.of(words)));
    }

    private static int run(List<String> words) {
        Benchmark benchmark;
        Setup setup;
        try {
            CommandLine line = new CommandLine(words.subList(1, words.size()));
            benchmark = benchmark(words.getFirst(), line);
            setup = Setup.of(line);
            line.refuseOthers();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(HELP);
            return 2;
        }
        try (Stand stand = Stand.start(words.getFirst(), setup)) {
            System.out.printf("%n`bench/speed %s`, %s%n%n", String.join(" ", words), Machine.describe());
            benchmark.run(stand);
            return 0;
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            return 2;
        }
    }

    private static Benchmark benchmark(String name, CommandLine line) {
        return switch (name) {
            case "accept" -> new Accept(line);
            case "batch" -> new Batch(line);
            case "send" -> new Send(line);
            default -> throw new IllegalArgumentException("no such benchmark: " + name);
        };
    }
}
