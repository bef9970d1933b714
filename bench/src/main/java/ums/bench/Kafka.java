package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The queue over Kafka, every process with one role: {@code api}, {@code relay} and workers. */
final class Kafka {

    private static final int MESSAGES = 50_000;
    private static final int WORKERS = 3;
    private static final Duration AWAY = Duration.ofMinutes(2);
    private static final double RATE_MEANWHILE = 50;

    private final Options options;
    private final Scenario scenario = new Scenario();

    private Kafka(Options options) {
        this.options = options;
    }

    /** Runs the named scenario. */
    static boolean run(Options options) throws IOException, InterruptedException {
        Kafka kafka = new Kafka(options.withProcesses(2 + WORKERS));
        switch (options.scenario()) {
            case "kafka-chaos" -> {
                return kafka.chaos();
            }
            case "kafka-away" -> kafka.away();
            case "kafka-off" -> kafka.off();
            default -> {
                kafka.drain(false);
                kafka.drain(true);
            }
        }
        return kafka.scenario.isKept();
    }

    private static List<String> roles(boolean kafka) {
        List<String> roles = new ArrayList<>(List.of("api"));
        if (kafka) {
            roles.add("relay");
        }
        for (int i = 0; i < WORKERS; i++) {
            roles.add("worker");
        }
        return roles;
    }

    private Site start(boolean kafka) throws IOException, InterruptedException {
        return Site.start(options, roles(kafka), kafka);
    }

    private static Load load(Site site) {
        return new Load(
                site.client(),
                List.of(site.process(0)),
                Failovers.boundInPart(site.smtp(), n -> Mail.small("customer-" + n + "@shop.example")));
    }

    /** Sends a backlog, each message once. */
    private void drain(boolean kafka) throws IOException, InterruptedException {
        System.out.printf("%n%s%n", kafka ? "over Kafka" : "direct");
        try (Site site = start(kafka)) {
            Load load = Scenario.backlog(site, List.of(site.process(0)), options.messagesOr(MESSAGES));
            site.smtp().open();
            Scenario.await(
                    "the first mail", Scenario.PATIENCE, () -> site.smtp().taken() > 0);
            Instant first = Instant.now();
            Reconciliation result = scenario.reconcile(
                    site, load, List.of(), options.onUnknown().equals("REVIEW"));
            double seconds = Scenario.seconds(Duration.between(first, Instant.now()));
            Scenario.tell("%.0f messages a second", result.sent() / seconds);
            scenario.check(
                    result.sent() == load.accepted().size() && site.smtp().taken() == result.sent(),
                    "%d accepted, %d sent, %d mails",
                    load.accepted().size(),
                    result.sent(),
                    site.smtp().taken());
        }
    }

    /** Kills and stops workers, relay and broker while messages are accepted. */
    private boolean chaos() throws IOException, InterruptedException {
        try (Site site = start(true)) {
            System.out.println("logs in " + site.folder());
            Load load = load(site);
            Faults faults = new Faults(site, options.seed(), Fault.Kind.plain());
            Thread posting = Thread.ofPlatform().start(() -> load.run(options.rate(), options.duration()));
            faults.run(options.duration());
            posting.join();
            return Chaos.ends(options, site, load, faults);
        }
    }

    /** The broker is down for two minutes. */
    private void away() throws IOException, InterruptedException {
        try (Site site = start(true)) {
            Load load = load(site);
            load.run(RATE_MEANWHILE, Duration.ofSeconds(10));
            Broker broker = site.broker();
            broker.kill();
            load.run(RATE_MEANWHILE, AWAY);
            load.awaitAnswers(Duration.ofSeconds(10));
            long open = site.ledger().number("select count(*) from message where status in ('ACCEPTED', 'RETRY')");
            scenario.check(
                    load.accepted().size() == load.posted() && open > 0,
                    "%d of %d accepted while the broker was down, %d wait",
                    load.accepted().size(),
                    load.posted(),
                    open);
            broker.startAgain();
            scenario.reconcile(site, load, List.of(), options.onUnknown().equals("REVIEW"));
        }
    }

    /** Restarts all processes without Kafka while the topic is full. */
    private void off() throws IOException, InterruptedException {
        try (Site site = start(true)) {
            Load load = Scenario.backlog(site, List.of(site.process(0)), options.messagesOr(MESSAGES) / 5);
            Scenario.await(
                    "entries on the topic",
                    Scenario.PATIENCE,
                    () -> onTopic(site) >= Math.min(load.accepted().size(), 9_000));
            Scenario.tell("%d accepted, %d on the topic", load.accepted().size(), onTopic(site));
            for (UmsProcess process : site.processes()) {
                process.terminate(Duration.ofSeconds(60));
                process.change("--ums.kafka.bootstrap-servers", null);
                if (process.number() == 1) {
                    process.change("--ums.role", "worker");
                }
                process.start();
            }
            for (UmsProcess process : site.processes()) {
                process.awaitReady(Site.STARTING);
            }
            site.broker().kill();
            site.smtp().open();
            scenario.reconcile(site, load, List.of(), options.onUnknown().equals("REVIEW"));
            scenario.check(onTopic(site) == 0, "%d left on the topic", onTopic(site));
        }
    }

    private static long onTopic(Site site) throws IOException {
        return site.ledger().number("select count(*) from outbox where relayed_at is not null");
    }
}
