package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** A normal client that posts one small message after the other, to measure how other clients affect it. */
final class Neighbour {

    private static final Duration STEP = Duration.ofMillis(50);

    private final Site site;

    Neighbour(Site site) {
        this.site = site;
    }

    /**
     * The results of its calls.
     *
     * @param latencies in nanoseconds, sorted, unanswered calls included
     * @param unanswered how many were refused or not answered
     */
    record Noticed(List<Long> latencies, int unanswered) {

        /** A quantile of the latencies in milliseconds. */
        double ms(double part) {
            return latencies.get((int) Math.min(latencies.size() - 1, latencies.size() * part)) / 1e6;
        }

        @Override
        public String toString() {
            return "p50 %.1f, p99 %.1f, most %.1f, of %d".formatted(ms(0.5), ms(0.99), ms(1), latencies.size());
        }
    }

    /** Posts for a time. */
    Noticed post(Duration duration) throws InterruptedException {
        List<Long> latencies = new ArrayList<>();
        int unanswered = 0;
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            boolean answered = site.client()
                    .post(site.process(0), UUID.randomUUID().toString(), "kim@shop.example", "NORMAL")
                    .isPresent();
            latencies.add(System.nanoTime() - start);
            unanswered += answered ? 0 : 1;
            Thread.sleep(STEP);
        }
        Collections.sort(latencies);
        return new Noticed(latencies, unanswered);
    }

    /** Posts for a time without other clients, after a warm-up of the server. */
    Noticed calm(Duration duration) throws IOException, InterruptedException {
        post(duration);
        Noticed calm = post(duration);
        if (calm.unanswered() > 0) {
            throw new IOException("a client without competitors was not answered");
        }
        return calm;
    }
}
