package ums.bench.speed;

import java.io.IOException;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/** Accepts many messages a request, compared with PostgreSQL's INSERT of many rows. */
final class Batch implements Benchmark {

    private static final int CLIENTS = 4;
    private static final int[] ROWS = {100, 1000};
    private static final int[] CONNECTIONS = {4, 8};

    private final int seconds;
    private final int items;

    Batch(CommandLine line) {
        seconds = line.take("seconds", 10);
        items = line.take("items", 500);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        Pgbench pgbench = new Pgbench(stand);
        Wrk wrk = new Wrk(stand);
        UmsProcess ums = stand.ums("ums", "api");
        for (int connections : CONNECTIONS) {
            wrk.run(ums, items, connections, seconds);
        }
        Rounds rounds = new Rounds(stand.setup());
        for (int rows : ROWS) {
            rounds.limit(
                    "pgbench, %d rows a statement, %d clients".formatted(rows, CLIENTS),
                    () -> pgbench.run("many-rows.sql", rows, CLIENTS, seconds));
        }
        for (int connections : CONNECTIONS) {
            rounds.subject("UMS, %d connections".formatted(connections), () -> {
                stand.emptyLedger();
                return wrk.run(ums, items, connections, seconds);
            });
        }
        rounds.run().print(System.out);
    }
}
