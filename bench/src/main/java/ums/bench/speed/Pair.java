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
        int sink = Postfix.unpack(stand).sink();
        Drain drain = new Drain(sink, warmUp, messages);
        Stand earlier = stand.beside("before", before.isEmpty() ? stand.jar() : Path.of(before), List.of());
        Stand later = stand.beside("after", stand.jar(), settings);
        UmsProcess apiEarlier = earlier.ums("api-before", "api");
        UmsProcess apiLater = later.ums("api-after", "api");
        for (int i = 0; i < WARMING; i++) {
            new Wrk(earlier).run(apiEarlier, 0, connections, seconds);
            new Wrk(later).run(apiLater, 0, connections, seconds);
        }
        Thread.sleep(SETTLING);
        Watching watching = overviews == 0
                ? Rounds.Trial::run
                : new Overviews(apiLater, stand.password(), overviews)::during;
        accepting(stand, watching, earlier, apiEarlier, later, apiLater);
        sending(stand, watching, drain, earlier, apiEarlier, later, apiLater);
    }

    private void accepting(
            Stand stand,
            Watching watching,
            Stand earlier,
            UmsProcess apiEarlier,
            Stand later,
            UmsProcess apiLater)
            throws IOException, InterruptedException {
        Wrk wrkEarlier = new Wrk(earlier);
        Wrk wrkLater = new Wrk(later);
        new Rounds(stand.setup())
                .limit("accepting, before", () -> {
                    earlier.emptyLedger();
                    return wrkEarlier.run(apiEarlier, 0, connections, seconds);
                })
                .subject("accepting, after", () -> {
                    later.emptyLedger();
                    return watching.of(() -> wrkLater.run(apiLater, 0, connections, seconds));
                })
                .run()
                .print(System.out);
    }

    private static void sending(
            Stand stand,
            Watching watching,
            Drain drain,
            Stand earlier,
            UmsProcess apiEarlier,
            Stand later,
            UmsProcess apiLater)
            throws IOException, InterruptedException {
        new Rounds(stand.setup())
                .limit("sending, before", () -> {
                    earlier.emptyLedger();
                    return drain.run(earlier, apiEarlier);
                })
                .subject("sending, after", () -> {
                    later.emptyLedger();
                    return watching.of(() -> drain.run(later, apiLater));
                })
                .run()
                .print(System.out);
    }

    /** What goes on while a trial runs. */
    private interface Watching {
        Sample of(Rounds.Trial trial) throws IOException, InterruptedException;
    }
}
