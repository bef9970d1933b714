package ums.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Sixteen concurrent forms of 256 KB, {@code a&a&a…}, without a session, and the latency of a client's POSTs meanwhile. */
final class Forms {

    private static final int AT_ONCE = 16;
    private static final int FIELDS = 131_000;
    private static final Duration CALM = Duration.ofSeconds(20);
    private static final Duration DURATION = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration ALLOWED = Duration.ofMillis(100);
    private static final int WARM_UP = 10;
    private static final int TIMES = 3;
    private static final String FORM = String.join("&", Collections.nCopies(FIELDS, "a"));

    private final Site site;
    private final List<Duration> times = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean over;

    private Forms(Site site) {
        this.site = site;
    }

    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withProcesses(1))) {
            new Forms(site).run(scenario);
        }
        return scenario.isKept();
    }

    private void run(Scenario scenario) throws IOException, InterruptedException {
        Neighbour neighbour = new Neighbour(site);
        Neighbour.Noticed calm = neighbour.calm(CALM);
        Scenario.tell("a client's POST, ms   %s calm", calm);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            alone(http, scenario);
            times.clear();
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                senders.add(Thread.ofVirtual().start(() -> {
                    while (!over) {
                        send(http);
                    }
                }));
            }
            Neighbour.Noticed disturbed = neighbour.post(DURATION);
            over = true;
            for (Thread sender : senders) {
                sender.join();
            }
            scenario.check(
                    disturbed.unanswered() == 0 && disturbed.ms(0.99) <= TIMES * calm.ms(0.99),
                    "%s beside %d forms at once, %d unanswered (allowed: p99 %.1f)",
                    disturbed,
                    AT_ONCE,
                    disturbed.unanswered(),
                    TIMES * calm.ms(0.99));
            Scenario.tell(
                    "%d forms, %d of them unanswered, the longest took %.1f s",
                    times.size(), unanswered.get(), Scenario.seconds(Collections.max(times)));
        }
    }

    /** Posts forms one after the other; the first ones load classes. */
    private void alone(HttpClient http, Scenario scenario) {
        for (int i = 0; i < WARM_UP && times.stream().noneMatch(it -> it.compareTo(Duration.ofSeconds(1)) > 0); i++) {
            send(http);
        }
        Duration last = times.getLast();
        scenario.check(
                last.compareTo(ALLOWED) <= 0 && unanswered.get() == 0,
                "a form alone is answered in %d ms (allowed: %d)",
                last.toMillis(),
                ALLOWED.toMillis());
    }

    private void send(HttpClient http) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(site.process(0).url("/console/login")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(FORM))
                .build();
        long start = System.nanoTime();
        try {
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            unanswered.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        times.add(Duration.ofNanos(System.nanoTime() - start));
    }
}
