package ums.bench.speed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import ums.bench.UmsProcess;

/** How many messages a UMS process has settled, by its own meter. */
final class Settled {

    private static final String METER = "messages_settled_total{";
    private static final int REST = 200;

    private final Stand stand;
    private final HttpRequest request;

    Settled(Stand stand, UmsProcess process) {
        this.stand = stand;
        this.request = HttpRequest.newBuilder(URI.create(process.managementUrl("/actuator/prometheus")))
                .build();
    }

    double count() throws IOException, InterruptedException {
        return stand.http()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(METER))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Waits until so many are. */
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
