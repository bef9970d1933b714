package ums.bench.speed;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import ums.bench.UmsProcess;

/** Messages are accepted at a steady rate and sent at the same time: measures latencies and the longest queue. */
final class Flow {

    private static final int WARMING = 30;
    private static final int SECOND = 1000;
    private static final String BACKLOG = "outbox_backlog";

    private static final String LATENCY = """
            select (1000 * percentile_cont(%s) within group (order by extract(epoch from sent_at - created_at)))::bigint
            from message where status = 'SENT' and created_at > to_timestamp(%d / 1000.0)
            """;

    private final Stand stand;
    private final UmsProcess ums;
    private final Hey hey;
    private final Scrape backlog;
    private final int workers;

    Flow(Stand stand, UmsProcess ums, int workers) throws IOException {
        this.stand = stand;
        this.ums = ums;
        this.hey = new Hey(stand);
        this.backlog = new Scrape(stand, ums);
        this.workers = workers;
    }

    /**
     * Warms up for half a minute, then measures.
     *
     * @param lastMinutes the minutes at the end whose latencies are reported
     */
    Sample run(double rate, int seconds, int lastMinutes) throws IOException, InterruptedException {
        hey.run(ums, rate, workers, Math.min(WARMING, seconds));
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Double> most = CompletableFuture.supplyAsync(() -> most(ended));
        long start = System.currentTimeMillis();
        Sample sample = hey.run(ums, rate, workers, seconds);
        ended.set(true);
        long from = Math.max(start, start + SECOND * (seconds - 60L * lastMinutes));
        try (Queue queue = new Queue(stand)) {
            sample = sample.with("most waiting", most.get()).with("waiting at the end", backlog.sum(BACKLOG));
            queue.awaitAtMost(0);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
        return sample.with("delivery.latency p50 ms", stand.number(LATENCY.formatted("0.5", from)))
                .with("p99 ms of it", stand.number(LATENCY.formatted("0.99", from)));
    }

    /** The longest queue, by the process's own gauge, which is sampled every two seconds at little cost. */
    private double most(AtomicBoolean ended) {
        double most = 0;
        try {
            while (!ended.get()) {
                most = Math.max(most, backlog.sum(BACKLOG));
                Thread.sleep(SECOND);
            }
            return most;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
