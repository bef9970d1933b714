package ums.bench.speed;

import java.io.IOException;
import ums.bench.UmsProcess;

/**
 * A fresh UMS process sends a backlog: the first part warms it up, the rest is measured.
 *
 * @param sink port of the SMTP server
 * @param warmUp how many are sent before the clock runs
 * @param messages how many while it runs
 */
record Drain(int sink, int warmUp, int messages) {

    /** What makes UMS send to a port of this machine. */
    static String[] smtp(int port) {
        return new String[] {
            "--ums.email.smtp.host=127.0.0.1", "--ums.email.smtp.port=" + port, "--ums.email.smtp.tls=off"
        };
    }

    /** Puts the backlog there and lets a worker send it. */
    Sample run(Stand stand, UmsProcess api) throws IOException, InterruptedException {
        long before = sent(stand);
        new Backlog(stand).put(api, warmUp + messages);
        stand.calm();
        UmsProcess worker = stand.ums("worker", "worker", smtp(sink));
        try (Queue queue = new Queue(stand)) {
            queue.awaitAtMost(messages);
            Meter meter = Meter.start(stand, worker.handle());
            long count = queue.waiting();
            double start = meter.seconds();
            queue.awaitAtMost(0);
            double seconds = meter.seconds() - start;
            Sample sample = Sample.of(count / seconds, meter.cost(count));
            if (sent(stand) - before != warmUp + messages) {
                throw new IOException("only " + (sent(stand) - before) + " messages are sent");
            }
            return sample;
        } finally {
            stand.stop(worker);
        }
    }

    /**
     * As {@link #run}, but watched by the worker's own meter: to count what is waiting would be to go through all the
     * remains that a snapshot keeps. A few more are put there, so that the measured part does not end with the queue.
     */
    Sample metered(Stand stand, UmsProcess api) throws IOException, InterruptedException {
        int all = warmUp + messages + messages / 5;
        new Backlog(stand).put(api, all);
        stand.calm();
        UmsProcess worker = stand.ums("worker", "worker", smtp(sink));
        try {
            Settled settled = new Settled(stand, worker);
            settled.await(warmUp);
            Sample sample = next(stand, worker);
            settled.await(all);
            return sample;
        } finally {
            stand.stop(worker);
        }
    }

    /** Lets a worker send a part of what is waiting already, which is too much to count it often. */
    Sample part(Stand stand) throws IOException, InterruptedException {
        stand.execute("checkpoint");
        UmsProcess worker = stand.ums("worker", "worker", smtp(sink));
        try {
            new Settled(stand, worker).await(warmUp);
            return next(stand, worker);
        } finally {
            stand.stop(worker);
        }
    }

    /** The next so many of a worker that is at it. */
    Sample next(Stand stand, UmsProcess worker) throws IOException, InterruptedException {
        Settled settled = new Settled(stand, worker);
        Meter meter = Meter.start(stand, worker.handle());
        double from = settled.count();
        double start = meter.seconds();
        double until = settled.await(from + messages);
        return Sample.of((until - from) / (meter.seconds() - start), meter.cost(until - from));
    }

    private static long sent(Stand stand) throws IOException {
        return stand.number("select count(*) from message where status = 'SENT'");
    }
}
