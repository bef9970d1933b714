package ums.bench;

import java.io.IOException;
import java.time.Duration;

/** Posts at a steady rate while faults are injected, then reconciles answers, ledger and received mails. */
final class Chaos {

    private static final Duration DRAINING = Duration.ofMinutes(5);
    private static final Duration ANSWERING = Duration.ofMinutes(1);

    /** ums.dispatch.concurrency, by default. */
    private static final int PERMITS = 64;

    private Chaos() {}

    /** @return whether every guarantee was kept */
    static boolean run(Options options) throws IOException, InterruptedException {
        try (Site site = Site.start(options);
                Supervisor _ = new Supervisor(site.processes())) {
            System.out.println("logs in " + site.folder());
            Mails mails = new Mails(options.large(), options.seed());
            Load load = new Load(site.client(), site.processes(), Failovers.boundInPart(site.smtp(), mails::get));
            Faults faults = new Faults(site, options.seed(), options.faults());
            Thread posting = Thread.ofPlatform().start(() -> load.run(options.rate(), options.duration()));
            faults.run(options.duration());
            posting.join();
            return ends(options, site, load, faults);
        }
    }

    /** Waits until all messages have ended, prints the result, and returns whether every guarantee was kept. */
    static boolean ends(Options options, Site site, Load load, Faults faults) throws IOException, InterruptedException {
        for (UmsProcess process : site.processes()) {
            // A process may have ended by itself, without a fault that restarts it.
            process.awaitReady(Site.STARTING);
        }
        long start = System.nanoTime();
        load.awaitAnswers(ANSWERING);
        Duration drained =
                Duration.ofNanos(System.nanoTime() - start).plus(site.ledger().awaitEnd(DRAINING));
        Reconciliation result = Reconciliation.of(
                Posted.by(load).with(faults.poison().poisoned().keySet()),
                site.ledger().entries(),
                site.smtp(),
                faults.done(),
                options.onUnknown().equals("REVIEW"));
        print(options, site, load, faults, drained);
        result.print(System.out);
        long kills = faults.done().stream()
                .filter(it -> it.kind().keepsFromSettling())
                .count();
        int byKills = result.inReview() - result.bySmtp();
        boolean few = byKills <= kills * PERMITS;
        System.out.printf(
                "  by all else        %d (at most %d: %d permits at each of %d kills, stops and cuts)%n",
                byKills, kills * PERMITS, PERMITS, kills);
        boolean atOne = options.providers() == 1 || wentOnRightly(site, faults);
        result.printBroken(System.out, site.ledger(), site.smtp(), faults.done());
        faults.poison().poisoned().forEach((id, change) -> {
            if (result.misjudged().contains(id)) {
                System.out.println("misjudged " + id + ": " + change);
            }
        });
        int outOfMemory =
                site.processes().stream().mapToInt(UmsProcess::outOfMemory).sum();
        return result.isKept()
                && atOne
                && few
                && outOfMemory == 0
                && load.refused().isEmpty();
    }

    private static boolean wentOnRightly(Site site, Faults faults) throws IOException {
        Failovers failovers = Failovers.of(site.smtp(), site.ledger(), faults.done());
        failovers.print(System.out, faults.done());
        failovers.printBroken(System.out, site.ledger(), site.smtp(), faults.done());
        return failovers.isKept();
    }

    private static void print(Options options, Site site, Load load, Faults faults, Duration drained) {
        System.out.printf(
                "%nchaos                seed %d, %.1f minutes, %d processes, %d providers, %.0f/s, on-unknown %s%n",
                options.seed(),
                options.duration().toMillis() / 60e3,
                options.processes(),
                options.providers(),
                options.rate(),
                options.onUnknown());
        System.out.printf("faults               %s%n", faults.counts());
        System.out.printf(
                "ended by themselves  %d processes, %d of them out of memory%n",
                site.processes().stream().mapToInt(UmsProcess::endedByItself).sum(),
                site.processes().stream().mapToInt(UmsProcess::outOfMemory).sum());
        System.out.printf("time to drain        %.1f s%n", drained.toMillis() / 1e3);
        System.out.printf("posted               %d%n", load.posted());
        System.out.printf("  1 MB and more      %d%n", load.large().size());
        System.out.printf("refused              %d%n", load.refused().size());
        load.refused().stream().limit(10).forEach(line -> System.out.println("  " + line));
        System.out.printf("taken in all         %d%n", site.smtp().taken());
    }
}
