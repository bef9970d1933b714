package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/**
 * Compares the jar with an earlier one, or with itself under other settings, each on a database of its own: accepting, and
 * sending. Each trial has a new process, as the compiled code of two processes differs by more than the expected difference,
 * however long they run.
 */
final class Pair implements Benchmark {

    private static final String HOME = "api";

    private final String before;
    private final List<String> settings;
    private final int seconds;
    private final int warming;
    private final int connections;
    private final int warmUp;
    private final int messages;

    Pair(CommandLine line) {
        before = line.take("before", "");
        settings = Arrays.stream(line.take("settings", "").split(" "))
                .filter(it -> !it.isEmpty())
                .toList();
        seconds = line.take("seconds", 7);
        warming = line.take("warming", 20);
        connections = line.take("connections", 64);
        warmUp = line.take("warm-up", 30_000);
        messages = line.take("messages", 50_000);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        Drain drain = new Drain(Postfix.unpack(stand).sink(), warmUp, messages);
        Side earlier = side(stand, "before", before.isEmpty() ? stand.jar() : Path.of(before), List.of());
        Side later = side(stand, "after", stand.jar(), settings);
        new Rounds(stand.setup())
                .limit("accepting, before", () -> earlier.emptied().accept())
                .subject("accepting, after", () -> later.emptied().accept())
                .run()
                .print(System.out);
        new Rounds(stand.setup())
                .limit("sending, before", () -> earlier.emptied().send(drain))
                .subject("sending, after", () -> later.emptied().send(drain))
                .run()
                .print(System.out);
    }

    private Side side(Stand stand, String name, Path jar, List<String> others)
            throws IOException, InterruptedException {
        Stand own = stand.beside(name, jar, others);
        own.stop(own.ums(HOME, "api"));
        return new Side(own, new Wrk(own));
    }

    /** One of the two sides, with its database. */
    private final class Side {

        private final Stand stand;
        private final Wrk wrk;

        Side(Stand stand, Wrk wrk) {
            this.stand = stand;
            this.wrk = wrk;
        }

        Side emptied() throws IOException {
            stand.emptyLedger();
            return this;
        }

        Sample accept() throws IOException, InterruptedException {
            UmsProcess api = stand.ums(HOME, "api");
            try {
                wrk.run(api, 0, connections, warming);
                emptied();
                return wrk.run(api, 0, connections, seconds);
            } finally {
                stand.stop(api);
            }
        }

        Sample send(Drain drain) throws IOException, InterruptedException {
            UmsProcess api = stand.ums(HOME, "api");
            try {
                return drain.run(stand, api);
            } finally {
                stand.stop(api);
            }
        }
    }
}
