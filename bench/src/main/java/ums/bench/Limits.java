package ums.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One key requests ten times its limit over eight connections, while another requests a tenth of it. Measures how many requests
 * pass, whether {@code Retry-After} is right, and the other key's latency.
 */
final class Limits {

    private static final int RATE = 200;
    private static final int BURST = 1_000;
    private static final int CONNECTIONS = 8;
    private static final int TIMES = 10;
    private static final double NEIGHBOUR = RATE / 10.0;
    private static final Duration DURATION = Duration.ofSeconds(30);
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final String PATH = "/api/messages?limit=1";

    private final Site site;
    private final String greedy;
    private final String neighbour;
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong others = new AtomicLong();

    private Limits(Site site) throws IOException, InterruptedException {
        this.site = site;
        this.greedy = site.client().newKey(site.process(0), "greedy");
        this.neighbour = site.client().newKey(site.process(0), "neighbour");
    }

    static boolean run(Options options) throws IOException, InterruptedException {
        List<String> extra = new ArrayList<>(options.extra());
        extra.addAll(List.of("--ums.limits.requests-per-second=" + RATE, "--ums.limits.burst=" + BURST));
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withProcesses(1).withExtra(extra))) {
            new Limits(site).run(scenario);
        }
        return scenario.isKept();
    }

    private void run(Scenario scenario) throws InterruptedException, IOException {
        List<Long> warm = latencies(CALM);
        List<Long> calm = latencies(CALM);
        List<Thread> greed = new ArrayList<>();
        long end = System.nanoTime() + DURATION.toNanos();
        for (int i = 0; i < CONNECTIONS; i++) {
            greed.add(Thread.ofPlatform().start(() -> ask(end)));
        }
        List<Long> disturbed = latencies(DURATION);
        for (Thread thread : greed) {
            thread.join();
        }
        double allowed = RATE * Scenario.seconds(DURATION) + BURST;
        Scenario.tell(
                "%d requests asked for, %d passed, %d refused",
                passed.get() + refused.get(), passed.get(), refused.get());
        scenario.check(others.get() == 0, "%d answers other than 200 and 429", others.get());
        scenario.check(
                Math.abs(passed.get() / allowed - 1) <= 0.1,
                "passed: %.1f%% of rate × seconds + burst (%.0f)",
                100 * passed.get() / allowed,
                allowed);
        retryAfter(scenario);
        Scenario.tell(
                "the other key's latency, ms         p50 %.1f, p99 %.1f warming up", ms(warm, 0.5), ms(warm, 0.99));
        Scenario.tell("                                    p50 %.1f, p99 %.1f calm", ms(calm, 0.5), ms(calm, 0.99));
        scenario.check(
                ms(disturbed, 0.5) <= 10 * ms(calm, 0.5) + 10,
                "                              p50 %.1f, p99 %.1f meanwhile",
                ms(disturbed, 0.5),
                ms(disturbed, 0.99));
    }

    /** Sends requests at this connection's share of ten times the limit, each when it is due, or at once if that is over. */
    private void ask(long end) {
        try (HttpClient http = client()) {
            long step = (long) (1e9 * CONNECTIONS / (RATE * TIMES));
            for (long due = System.nanoTime(); due < end; due += step) {
                LockSupport.parkNanos(due - System.nanoTime());
                switch (get(http, greedy).statusCode()) {
                    case 200 -> passed.incrementAndGet();
                    case 429 -> refused.incrementAndGet();
                    default -> others.incrementAndGet();
                }
            }
        } catch (IOException e) {
            others.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts the bucket into debt by a batch, and repeats the request exactly after {@code Retry-After}. */
    private void retryAfter(Scenario scenario) throws IOException, InterruptedException {
        try (HttpClient http = client()) {
            HttpResponse<String> answer;
            do {
                answer = get(http, greedy);
            } while (answer.statusCode() == 200);
            long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(-1);
            Thread.sleep(Duration.ofSeconds(seconds));
            scenario.check(
                    get(http, greedy).statusCode() == 200, "told to come back after %d s, and then it passed", seconds);
        }
    }

    /** The latencies of the other key's requests, sent one after the other at its rate. */
    private List<Long> latencies(Duration duration) throws IOException, InterruptedException {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        try (HttpClient http = client()) {
            long end = System.nanoTime() + duration.toNanos();
            for (long due = System.nanoTime(); due < end; due += (long) (1e9 / NEIGHBOUR)) {
                LockSupport.parkNanos(due - System.nanoTime());
                long start = System.nanoTime();
                if (get(http, neighbour).statusCode() != 200) {
                    others.incrementAndGet();
                }
                latencies.add(System.nanoTime() - start);
            }
        }
        return latencies.stream().sorted().toList();
    }

    private HttpResponse<String> get(HttpClient http, String key) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(site.process(0).url(PATH)))
                        .header("Authorization", "Bearer " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A client with one connection. */
    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static double ms(List<Long> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part)) / 1e6;
    }
}
