package ums.bench.speed;

import java.io.IOException;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/** Accepts one message a request, compared with PostgreSQL alone and one message a transaction. */
final class Accept implements Benchmark {

    private static final int CLIENTS = 32;
    private static final int WARMING = 2;

    private final int seconds;
    private final int connections;
    private final double share;
    private double rate;

    Accept(CommandLine line) {
        seconds = line.take("seconds", 10);
        connections = line.take("connections", 64);
        share = Double.parseDouble(line.take("share", "0.7"));
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        Pgbench pgbench = new Pgbench(stand);
        Wrk wrk = new Wrk(stand);
        Hey hey = new Hey(stand);
        UmsProcess ums = stand.ums("ums", "api");
        for (int i = 0; i < WARMING; i++) {
            wrk.run(ums, 0, connections, seconds);
        }
        new Rounds(stand.setup())
                .limit("pgbench, two INSERTs, 32 clients", () -> pgbench.run("two-inserts.sql", 1, CLIENTS, seconds))
                .limit(
                        "pgbench, one statement, 32 clients",
                        () -> pgbench.run("one-statement.sql", 1, CLIENTS, seconds))
                .subject("UMS", () -> {
                    stand.emptyLedger();
                    Sample sample = wrk.run(ums, 0, connections, seconds);
                    rate = sample.rate();
                    return sample;
                })
                .line("UMS at %.0f%% of that".formatted(share * 100), () -> {
                    stand.calm();
                    return hey.run(ums, rate * share, connections, seconds);
                })
                .run()
                .print(System.out);
    }
}
