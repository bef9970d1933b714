package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The SMTP server is down for two minutes while messages wait; this must not use up their attempts. */
final class ServerDown {

    private static final int MESSAGES = 20_000;
    private static final Duration AWAY = Duration.ofMinutes(2);

    /** Messages in flight when the server goes down may count an attempt each. */
    private static final int PERMITS = 64;

    private ServerDown() {}

    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options)) {
            Load load = Scenario.backlog(site, options.messagesOr(MESSAGES));
            Thread.sleep(AWAY);
            long burnt = site.ledger().number("select coalesce(sum(attempt_count), 0) from message");
            scenario.check(
                    burnt <= (long) PERMITS * options.processes(),
                    "after %d s without the server %d attempts are counted",
                    AWAY.toSeconds(),
                    burnt);
            site.smtp().open();
            Duration first = Scenario.await(
                    "the first mail", Scenario.PATIENCE, () -> site.smtp().taken() > 0);
            Scenario.tell("first mail %.1f s after the server is back", Scenario.seconds(first));
            Reconciliation result = scenario.reconcile(site, load, List.of(), false);
            long attempts = site.ledger().number("select sum(attempt_count) from message");
            Scenario.tell("%d attempts for %d messages", attempts, result.sent());
            scenario.check(result.sent() == load.accepted().size(), "all sent");
        }
        return scenario.isKept();
    }
}
