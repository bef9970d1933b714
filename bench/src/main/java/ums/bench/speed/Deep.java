package ums.bench.speed;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import ums.bench.CommandLine;
import ums.bench.Seed;
import ums.bench.UmsProcess;

/** The rate of sending with millions of messages waiting, and with millions sent before. */
final class Deep implements Benchmark {

    private final int warmUp;
    private final int messages;
    private final int waiting;
    private final int history;

    Deep(CommandLine line) {
        warmUp = line.take("warm-up", 30_000);
        messages = line.take("messages", 50_000);
        waiting = line.take("waiting", 2_000_000);
        history = line.take("history", 5_000_000);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        int sink = Postfix.unpack(stand).sink();
        Drain drain = new Drain(sink, warmUp, messages);
        stand.stop(stand.ums("api", "api"));
        Stand full = waiting(stand, "waiting");
        Stand old = history(stand, sink, "history");
        UmsProcess api = stand.ums("api", "api");
        UmsProcess apiOfOld = old.ums("api-history", "api");
        new Rounds(stand.setup())
                .limit("UMS, undisturbed", () -> {
                    stand.emptyLedger();
                    return drain.run(stand, api);
                })
                .subject("UMS, %,d waiting".formatted(waiting), () -> drain.part(full))
                .subject("UMS, %,d sent before".formatted(history), () -> drain.run(old, apiOfOld))
                .run()
                .print(System.out);
    }

    /** A copy of the stand with enough waiting messages for all rounds. */
    private Stand waiting(Stand stand, String name) throws IOException, InterruptedException {
        Stand copy = stand.copy(name);
        UmsProcess api = copy.ums("api", "api");
        new Backlog(copy).put(api, 1);
        copy.stop(api);
        copies(copy, waiting + stand.setup().rounds() * (warmUp + 2 * messages));
        return copy;
    }

    private Stand history(Stand stand, int sink, String name) throws IOException, InterruptedException {
        Stand copy = stand.copy(name);
        UmsProcess all = copy.ums("api", "all", Drain.smtp(sink));
        new Backlog(copy).put(all, 1, 1);
        try (Queue queue = new Queue(copy)) {
            queue.awaitAtMost(0);
        }
        copy.stop(all);
        copies(copy, history);
        return copy;
    }

    private static void copies(Stand stand, int count) throws IOException {
        try (Connection connection = stand.open()) {
            Seed.copyOnly(connection, count);
        } catch (SQLException e) {
            throw new IOException(e);
        }
        stand.calm();
    }
}
