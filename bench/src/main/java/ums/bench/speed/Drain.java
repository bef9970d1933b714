package ums.bench.speed;

import java.io.IOException;
import ums.bench.UmsProcess;

/**
 * A new UMS process sends a backlog: the first part warms it up, the rest is measured.
 *
 * @param sink the SMTP server's port
 * @param warmUp how many messages are sent before the measurement
 * @param messages how many messages are measured
 */
record Drain(int sink, int warmUp, int messages) {

    /** The settings to send to a port on loopback. */
    static String[] smtp(int port) {
        return new String[] {
            "--ums.email.smtp.host=127.0.0.1", "--ums.email.smtp.port=" + port, "--ums.email.smtp.tls=off"
        };
    }

    /** Posts the backlog and lets a worker send it. */
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
     * Like {@link #run}, but measured by the worker's own meter, as counting waiting entries would scan all dead ones that a
     * snapshot keeps. It posts a few more messages, so that the measurement ends before the queue is empty.
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

    /** Lets a worker send a part of the waiting messages, measured by its meter, as they are too many to count often. */
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

    /** Measures the next messages of a running worker. */
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
