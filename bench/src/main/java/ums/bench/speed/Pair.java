package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/**
 * The jar beside an earlier one, or beside itself with other settings or with overviews open in the console, each on a
 * database of its own: accepting, and sending.
 */
final class Pair implements Benchmark {

    private static final int WARMING = 3;
    /** Until the compilers of both have nothing left to do; else the one that was warmed first would be the quicker. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private final String before;
    private final List<String> settings;
    private final int overviews;
    private final int seconds;
    private final int connections;
    private final int warmUp;
    private final int messages;

    Pair(CommandLine line) {
        before = line.take("before", "");
        settings = Arrays.stream(line.take("settings", "").split(" "))
                .filter(it -> !it.isEmpty())
                .toList();
        overviews = line.take("overviews", 0);
        seconds = line.take("seconds", 7);
        connections = line.take("connections", 64);
        warmUp = line.take("warm-up", 30_000);
        messages = line.take("messages", 50_000);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        Drain drain = new Drain(Postfix.unpack(stand).sink(), warmUp, messages);
        Side earlier = side(stand, "before", before.isEmpty() ? stand.jar() : Path.of(before), List.of());
        Side later = side(stand, "after", stand.jar(), settings);
        for (int i = 0; i < WARMING; i++) {
            earlier.accept();
            later.accept();
        }
        Thread.sleep(SETTLING);
        Watching watching = overviews == 0
                ? Rounds.Trial::run
                : new Overviews(later.api(), stand.password(), overviews)::during;
        new Rounds(stand.setup())
                .limit("accepting, before", () -> earlier.emptied().accept())
                .subject("accepting, after", () -> {
                    later.emptied();
                    return watching.of(later::accept);
                })
                .run()
                .print(System.out);
        new Rounds(stand.setup())
                .limit("sending, before", () -> earlier.emptied().send(drain))
                .subject("sending, after", () -> {
                    later.emptied();
                    return watching.of(() -> later.send(drain));
                })
                .run()
                .print(System.out);
    }

    private Side side(Stand stand, String name, Path jar, List<String> others)
            throws IOException, InterruptedException {
        Stand own = stand.beside(name, jar, others);
        return new Side(own, own.ums("api-" + name, "api"), new Wrk(own), connections, seconds);
    }

    /** One of the two, with its database and the process that accepts. */
    private record Side(Stand stand, UmsProcess api, Wrk wrk, int connections, int seconds) {

        Side emptied() throws IOException {
            stand.emptyLedger();
            return this;
        }

        Sample accept() throws IOException, InterruptedException {
            return wrk.run(api, 0, connections, seconds);
        }

        Sample send(Drain drain) throws IOException, InterruptedException {
            return drain.run(stand, api);
        }
    }

    /** What goes on while a trial runs. */
    private interface Watching {
        Sample of(Rounds.Trial trial) throws IOException, InterruptedException;
    }
}
