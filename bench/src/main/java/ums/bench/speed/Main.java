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
              both     accepting and sending at once     --minutes 5 --rate 1500 --workers 16
              idle     one by one, POST to DATA          --warm-up 300 --messages 600
              deep     send, millions waiting or sent    --waiting 2000000 --history 5000000, and as send
              snapshot send, an old snapshot being held  --minutes 10 --rate 1000 --workers 16, and as send
              share    two processes, slow SMTP server   --backlog 25000 --warm-up 3000 --messages 6000 --delay 50
              pair     two jars or settings beside       --before other.jar --settings "…" --warming 20, and as accept and send
              watched  overviews open in the console    --overviews 3 --seconds 10 --connections 64 --warm-up 60000 --messages 40000
              start    start to ready, embedded database

            and for all of them
              --rounds 5           how often each line is run, in turn with the others; both: 1
              --only "…"           of the lines those whose name holds it
              --jvm "-Xmx512m"     options of UMS's JVM
              --training 0         seconds under load for the AOT cache of an extracted jar, as production starts; 0: the jar
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
            setup = Setup.of(line, benchmark.rounds());
            line.refuseOthers();
            if (setup.training() > 0 && (benchmark instanceof Pair || benchmark instanceof Start)) {
                throw new IllegalArgumentException(words.getFirst() + " knows no --training");
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(HELP);
            return 2;
        }
        try (Stand stand = Stand.start(words.getFirst(), setup)) {
            System.out.printf("%n`bench/speed %s`, %s%n%n", String.join(" ", words), Machine.describe());
            if (setup.training() > 0) {
                Production.prepare(stand);
            }
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
            case "both" -> new Both(line);
            case "idle" -> new Idle(line);
            case "deep" -> new Deep(line);
            case "snapshot" -> new Snapshot(line);
            case "share" -> new Share(line);
            case "pair" -> new Pair(line);
            case "watched" -> new Watched(line);
            case "start" -> new Start();
            default -> throw new IllegalArgumentException("no such benchmark: " + name);
        };
    }
}
