package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Several processes on one database: each message is sent once, whatever happens to one of them. */
final class Share {

    private static final int MESSAGES = 20_000;
    private static final int[] PROCESSES = {2, 4};
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final Options options;
    private final Scenario scenario = new Scenario();

    private Share(Options options) {
        this.options = options;
    }

    /** Runs all parts, or the one that the scenario's name ends with. */
    static boolean run(Options options) throws IOException, InterruptedException {
        Share share = new Share(options);
        switch (options.scenario()) {
            case "share-killed" -> share.killed();
            case "share-stopped" -> share.stopped();
            case "share-outage" -> share.withoutDatabase();
            default -> {
                for (int processes : PROCESSES) {
                    share.undisturbed(processes);
                }
                share.killed();
                share.stopped();
                share.withoutDatabase();
            }
        }
        return share.scenario.isKept();
    }

    private void undisturbed(int processes) throws IOException, InterruptedException {
        System.out.printf("%n%d processes%n", processes);
        try (Site site = Site.start(options.withProcesses(processes).withOnUnknown("REVIEW"))) {
            Load load = Scenario.backlog(site, options.messagesOr(MESSAGES));
            site.smtp().open();
            Reconciliation result = scenario.reconcile(site, load, List.of(), true);
            scenario.check(
                    result.sent() == load.accepted().size() && site.smtp().taken() == result.sent(),
                    "%d accepted, %d sent, %d mails",
                    load.accepted().size(),
                    result.sent(),
                    site.smtp().taken());
        }
    }

    /** One of two processes is killed while it has claims. */
    private void killed() throws IOException, InterruptedException {
        System.out.printf("%nOne of two processes is killed%n");
        try (Site site = Site.start(options.withProcesses(2).withOnUnknown("RETRY"))) {
            Load load = Scenario.backlog(site, options.messagesOr(MESSAGES));
            site.smtp().open();
            untilHalf(site, load);
            Instant from = Instant.now();
            site.process(0).kill();
            long claims = site.ledger().number("select count(*) from outbox where claim_token is not null");
            // The dead process's claims are those made before its death, by the database's clock.
            String old = "select count(*) from outbox where claim_token is not null and processing_started_at < '%s'"
                    .formatted(from);
            Duration silence = Scenario.await(
                    "the dead process's claims",
                    Scenario.PATIENCE,
                    () -> site.ledger().number(old) == 0);
            Duration allowed = HEARTBEAT_TIMEOUT.plusSeconds(5);
            scenario.check(
                    silence.compareTo(allowed) <= 0,
                    "%d claims were open; the dead process's were rescued after %.1f s (allowed: %.1f s)",
                    claims,
                    Scenario.seconds(silence),
                    Scenario.seconds(allowed));
            scenario.reconcile(site, load, List.of(new Fault(Fault.Kind.KILL, 0, from, Instant.now())), false);
        }
    }

    /** One of two processes is stopped for a minute and then resumed. */
    private void stopped() throws IOException, InterruptedException {
        System.out.printf("%nOne of two processes is stopped for a minute, under REVIEW%n");
        try (Site site = Site.start(options.withProcesses(2).withOnUnknown("REVIEW"))) {
            Load load = Scenario.backlog(site, options.messagesOr(MESSAGES));
            site.smtp().open();
            untilHalf(site, load);
            Instant from = Instant.now();
            site.process(0).stop();
            Thread.sleep(MINUTE);
            site.process(0).carryOn();
            Thread.sleep(Duration.ofSeconds(10));
            scenario.reconcile(site, load, List.of(new Fault(Fault.Kind.STOP, 0, from, Instant.now())), true);
        }
    }

    /** Both processes run while the database is down: no claim may be rescued. */
    private void withoutDatabase() throws IOException, InterruptedException {
        System.out.printf("%nA minute without the database, under REVIEW%n");
        try (Site site = Site.start(options.withProcesses(2).withOnUnknown("REVIEW"))) {
            Load load = Scenario.backlog(site, options.messagesOr(MESSAGES));
            site.smtp().open();
            untilHalf(site, load);
            Instant from = Instant.now();
            site.proxy(0).cut();
            site.proxy(1).cut();
            Thread.sleep(MINUTE);
            site.proxy(0).open();
            site.proxy(1).open();
            Fault fault = new Fault(Fault.Kind.CUT, Fault.ALL_PROCESSES, from, Instant.now());
            Reconciliation result = scenario.reconcile(site, load, List.of(fault), true);
            long reclaimed =
                    site.ledger().number("select count(*) from message where events @> '[{\"type\": \"reclaimed\"}]'");
            scenario.check(
                    reclaimed == 0 && result.inReview() == 0,
                    "%d claims rescued and %d in review, though both processes lived",
                    reclaimed,
                    result.inReview());
        }
    }

    private static void untilHalf(Site site, Load load) throws IOException {
        long half = load.accepted().size() / 2;
        Scenario.await(
                "half of the messages", Scenario.PATIENCE, () -> site.smtp().taken() >= half);
    }
}
