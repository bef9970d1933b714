package ums.bench.speed;

import java.io.IOException;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/**
 * Accepting and sending with and without open overviews of the console. The same warm process does both alternately, as the
 * compiled code of two processes differs by more than an open page costs.
 */
final class Watched implements Benchmark {

    private static final int WARMING = 3;

    private final int overviews;
    private final int seconds;
    private final int connections;
    private final int warmUp;
    private final int messages;

    Watched(CommandLine line) {
        overviews = line.take("overviews", 3);
        seconds = line.take("seconds", 10);
        connections = line.take("connections", 64);
        warmUp = line.take("warm-up", 60_000);
        messages = line.take("messages", 40_000);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        UmsProcess api = stand.ums("api", "api");
        Wrk wrk = new Wrk(stand);
        for (int i = 0; i < WARMING; i++) {
            wrk.run(api, 0, connections, seconds);
        }
        Overviews open = new Overviews(api, stand.password(), overviews);
        accepting(stand, open, () -> wrk.run(api, 0, connections, seconds));
        stand.emptyLedger();
        sending(stand, open, api);
    }

    private void accepting(Stand stand, Overviews open, Rounds.Trial accept) throws IOException, InterruptedException {
        new Rounds(stand.setup())
                .limit("accepting", () -> {
                    stand.emptyLedger();
                    return accept.run();
                })
                .subject("accepting, overviews open", () -> {
                    stand.emptyLedger();
                    return open.during(accept);
                })
                .run()
                .print(System.out);
    }

    private void sending(Stand stand, Overviews open, UmsProcess api) throws IOException, InterruptedException {
        // One trial's messages more, as the worker also sends between two trials.
        new Backlog(stand).put(api, warmUp + (2 * stand.setup().rounds() + 1) * messages);
        stand.calm();
        Drain drain = new Drain(Postfix.unpack(stand).sink(), warmUp, messages);
        UmsProcess worker = stand.ums("worker", "worker", Drain.smtp(drain.sink()));
        new Settled(stand, worker).await(warmUp);
        new Rounds(stand.setup())
                .limit("sending", () -> drain.next(stand, worker))
                .subject("sending, overviews open", () -> open.during(() -> drain.next(stand, worker)))
                .run()
                .print(System.out);
    }
}
