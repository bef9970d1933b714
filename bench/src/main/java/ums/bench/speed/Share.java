package ums.bench.speed;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/** Two processes on one database with a slow SMTP server, compared with one process. */
final class Share implements Benchmark {

    private final int backlog;
    private final int warmUp;
    private final int messages;
    private final Duration delay;

    Share(CommandLine line) {
        backlog = line.take("backlog", 25_000);
        warmUp = line.take("warm-up", 3_000);
        messages = line.take("messages", 6_000);
        delay = Duration.ofMillis(line.take("delay", 50));
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        try (Provider provider = new Provider(delay)) {
            UmsProcess api = stand.ums("api", "api");
            new Rounds(stand.setup())
                    .limit("UMS, one process", () -> send(stand, api, provider, 1))
                    .subject("UMS, two processes", () -> send(stand, api, provider, 2))
                    .run()
                    .print(System.out);
        }
    }

    /** Measures a part of the backlog when all processes are ready and warm; the rest is removed. */
    private Sample send(Stand stand, UmsProcess api, Provider provider, int count)
            throws IOException, InterruptedException {
        stand.emptyLedger();
        new Backlog(stand).put(api, backlog);
        stand.calm();
        List<UmsProcess> workers = new ArrayList<>();
        try (Queue queue = new Queue(stand)) {
            for (int i = 0; i < count; i++) {
                workers.add(stand.ums("worker-" + i, "worker", Drain.smtp(provider.port())));
            }
            queue.awaitAtMost(queue.waiting() - (long) warmUp * count);
            Meter meter =
                    Meter.start(stand, workers.stream().map(UmsProcess::handle).toArray(ProcessHandle[]::new));
            double start = meter.seconds();
            long from = queue.waiting();
            long until = queue.awaitAtMost(from - messages);
            return Sample.of((from - until) / (meter.seconds() - start), meter.cost(from - until));
        } finally {
            for (UmsProcess worker : workers) {
                stand.stop(worker);
            }
        }
    }
}
