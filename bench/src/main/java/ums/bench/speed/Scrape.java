package ums.bench.speed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import ums.bench.UmsProcess;

/** A UMS process's meters, scraped like by Prometheus. */
final class Scrape {

    private final Stand stand;
    private final HttpRequest request;

    Scrape(Stand stand, UmsProcess process) {
        this.stand = stand;
        this.request = HttpRequest.newBuilder(URI.create(process.managementUrl("/actuator/prometheus")))
                .build();
    }

    /** A meter's value, over all its tags. */
    double sum(String meter) throws IOException, InterruptedException {
        return stand.http()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(meter + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
