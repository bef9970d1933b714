package ums.bench;

import java.io.IOException;
import java.time.Duration;

/** A HIGH message is posted into a backlog of LOW ones. */
final class Overtake {

    private static final int MESSAGES = 200_000;
    private static final int TIMES = 5;
    private static final Duration ALLOWED = Duration.ofSeconds(1);

    /** Copies a LOW message that UMS accepted, so that the rows are like UMS's own. */
    private static final String COPY = """
            with model as (select * from message limit 1),
                 body as (select c.* from message_content c join model on c.message_id = model.id),
                 ids as materialized (select gen_random_uuid() as id from generate_series(1, %d)),
                 messages as (
                     insert into message (id, client, test, channel, status, purpose, priority, created_at, updated_at,
                                          recipients, events)
                     select ids.id, client, test, channel, 'ACCEPTED', purpose, 'LOW', now(), now(), recipients, '[]'
                     from ids, model),
                 contents as (
                     insert into message_content (message_id, summary, content, tags)
                     select ids.id, summary, content, tags from ids, body)
            insert into outbox (aggregate_id, channel, priority, created_at)
            select ids.id, channel, 2, now() from ids, model
            """;

    private Overtake() {}

    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withProcesses(1))) {
            int count = options.messagesOr(MESSAGES);
            Load model = new Load(site.client(), site.processes(), _ -> Mail.small("customer@shop.example"));
            model.send("LOW");
            model.awaitAnswers(Duration.ofSeconds(20));
            site.postgres().execute(COPY.formatted(count));
            site.postgres().execute("analyze");
            Scenario.tell("%d LOW messages wait", count);
            Scenario.await(
                    "the flow of LOW ones", Scenario.PATIENCE, () -> site.smtp().taken() > 500);
            for (int i = 0; i < TIMES; i++) {
                post(site, scenario, "high-" + i);
                Thread.sleep(500);
            }
            Scenario.tell("%d LOW ones were still waiting", site.ledger().open());
        }
        return scenario.isKept();
    }

    private static void post(Site site, Scenario scenario, String key) throws IOException, InterruptedException {
        long start = System.nanoTime();
        var id = site.client()
                .post(site.process(0), key, "urgent@shop.example", "HIGH")
                .orElseThrow(() -> new IOException("the HIGH message is not accepted"));
        Scenario.await(
                "the HIGH message",
                Duration.ofMinutes(2),
                () -> !site.smtp().takes(id).isEmpty());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        scenario.check(taken.compareTo(ALLOWED) <= 0, "HIGH: posted to taken in %d ms", taken.toMillis());
    }
}
