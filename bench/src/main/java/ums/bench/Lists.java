package ums.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One key requests sixty lists of half a million messages at once; measures another client's POSTs meanwhile. */
final class Lists {

    private static final int MESSAGES = 500_000;
    private static final int AT_ONCE = 60;
    private static final Duration CALM = Duration.ofSeconds(20);
    private static final Duration WARM_UP = Duration.ofSeconds(80);
    private static final Duration DURATION = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = 3;

    /** One filters by a status that no message has, the other returns the longest page. */
    private static final List<String> QUERIES = List.of("status=FAILED", "channel=email&limit=1000");

    private final Site site;
    private final String greedy;
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean over;

    private Lists(Site site) throws IOException, InterruptedException {
        this.site = site;
        this.greedy = site.client().newKey(site.process(0), "greedy");
    }

    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withProcesses(1))) {
            new Lists(site).run(scenario, options.messagesOr(MESSAGES));
        }
        return scenario.isKept();
    }

    private void run(Scenario scenario, int messages) throws IOException, InterruptedException {
        site.client().as(greedy).post(site.process(0), "model", "customer@shop.example", "NORMAL");
        site.ledger().awaitEnd(Duration.ofMinutes(1));
        // Copies must not have the same idempotency key.
        site.postgres().execute("update message set idempotency_key = null");
        try (Connection connection = site.postgres().open(Postgres.DATABASE, Scenario.PATIENCE)) {
            Seed.copyOnly(connection, messages);
        } catch (SQLException e) {
            throw new IOException(e);
        }
        site.postgres().execute("vacuum analyze");
        Scenario.tell("the key has %d messages", messages);
        Neighbour neighbour = new Neighbour(site);
        Scenario.tell("another client's POST, ms   %s calm, in a process just started", neighbour.calm(CALM));
        for (String query : QUERIES) {
            // Until the compiler is done with lists, which takes a minute and one of two processors.
            Scenario.tell("%s beside the process's first lists, %s", beside(query, neighbour, WARM_UP), query);
        }
        Neighbour.Noticed calm = neighbour.calm(CALM);
        Scenario.tell("%s calm", calm);
        for (String query : QUERIES) {
            Neighbour.Noticed disturbed = beside(query, neighbour, DURATION);
            scenario.check(
                    disturbed.unanswered() == 0 && disturbed.ms(0.99) <= TIMES * calm.ms(0.99),
                    "%s beside %d × ?%s, %d unanswered (allowed: p99 %.1f)",
                    disturbed,
                    AT_ONCE,
                    query,
                    disturbed.unanswered(),
                    TIMES * calm.ms(0.99));
            Scenario.tell(
                    "%d lists, %d of them not answered 200, the longest took %.1f s",
                    lists.get(), refused.get(), longest.get() / 1e9);
        }
    }

    private Neighbour.Noticed beside(String query, Neighbour neighbour, Duration duration) throws InterruptedException {
        over = false;
        lists.set(0);
        refused.set(0);
        longest.set(0);
        List<Thread> askers = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < AT_ONCE; i++) {
                askers.add(Thread.ofVirtual().start(() -> ask(http, query)));
            }
            Neighbour.Noticed disturbed = neighbour.post(duration);
            over = true;
            for (Thread asker : askers) {
                asker.join();
            }
            return disturbed;
        }
    }

    private void ask(HttpClient http, String query) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(site.process(0).url("/api/messages?" + query)))
                .header("Authorization", "Bearer " + greedy)
                .timeout(PATIENCE)
                .build();
        while (!over) {
            long start = System.nanoTime();
            try {
                boolean answered = http.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
                refused.addAndGet(answered ? 0 : 1);
            } catch (IOException e) {
                refused.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
            lists.incrementAndGet();
            longest.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
    }
}
