package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** SIGTERM while messages are accepted and sent. */
final class Sigterm {

    private static final int MESSAGES = 5_000;
    private static final Duration ALLOWED = Duration.ofSeconds(30);

    private Sigterm() {}

    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withProcesses(1).withOnUnknown("REVIEW"))) {
            Load load = Scenario.backlog(site, options.messagesOr(MESSAGES));
            site.smtp().open();
            Scenario.await(
                    "full flow",
                    Scenario.PATIENCE,
                    () -> site.smtp().taken() > load.accepted().size() / 5);
            long start = System.nanoTime();
            Integer code = site.process(0).terminate(ALLOWED.multipliedBy(2));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            scenario.check(code != null && (code == 0 || code == 143), "exit code %s", code);
            scenario.check(took.compareTo(ALLOWED) <= 0, "ended after %.1f s", Scenario.seconds(took));
            long claimed = site.ledger().number("select count(*) from outbox where claim_token is not null");
            scenario.check(
                    claimed == 0,
                    "%d entries left claimed, %d messages left open",
                    claimed,
                    site.ledger().open());
            site.process(0).start();
            site.process(0).awaitReady(Site.STARTING);
            scenario.reconcile(site, load, List.of(), true);
        }
        return scenario.isKept();
    }
}
