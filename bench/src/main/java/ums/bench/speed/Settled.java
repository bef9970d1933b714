package ums.bench.speed;

import java.io.IOException;
import ums.bench.UmsProcess;

/** The number of messages that a UMS process has settled, by its own meter. */
final class Settled {

    private static final int REST = 200;

    private final Scrape scrape;

    Settled(Stand stand, UmsProcess process) {
        this.scrape = new Scrape(stand, process);
    }

    double count() throws IOException, InterruptedException {
        return scrape.sum("messages_settled_total");
    }

    /** Waits until at least this many are settled. */
    double await(double least) throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (double count = count(); ; count = count()) {
            if (count >= least) {
                return count;
            }
            if (System.nanoTime() - start > Stand.PATIENCE.toNanos()) {
                throw new IOException("only " + count + " are settled");
            }
            Thread.sleep(REST);
        }
    }
}
