package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What the single scenarios have in common: a backlog, waiting with a limit, and a verdict a line. */
final class Scenario {

    /** Long enough for anything here on a small machine. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private boolean kept = true;

    /** A condition that may need the database. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * Waits until it holds.
     *
     * @return how long that took
     * @throws IOException where it does not come to hold in time
     */
    static Duration await(String what, Duration patience, Condition condition) throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > patience.toNanos()) {
                throw new IOException("in vain waited for: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Prints one line and remembers whether it is as it should be. */
    void check(boolean asItShould, String line, Object... values) {
        kept &= asItShould;
        System.out.println((asItShould ? "ok    " : "WRONG ") + line.formatted(values));
    }

    static void tell(String line, Object... values) {
        System.out.println("      " + line.formatted(values));
    }

    /** Posts a backlog that stays one, as the SMTP server is down. */
    static Load backlog(Site site, int count) throws IOException, InterruptedException {
        return backlog(site, site.processes(), count);
    }

    /** The same, posted to some processes only. */
    static Load backlog(Site site, List<UmsProcess> processes, int count) throws IOException, InterruptedException {
        site.smtp().down();
        Load load = new Load(site.client(), processes, n -> Mail.small("customer-" + n + "@shop.example"));
        load.all(count, 64);
        tell("%d messages accepted and waiting", load.accepted().size());
        return load;
    }

    /** Waits for the end of all messages, reconciles, and tells. */
    Reconciliation reconcile(Site site, Load load, List<Fault> faults, boolean review)
            throws IOException, InterruptedException {
        Duration drained = site.ledger().awaitEnd(PATIENCE);
        Reconciliation result =
                Reconciliation.of(Posted.by(load), site.ledger().entries(), site.smtp(), faults, review);
        tell("drained after %.1f s", seconds(drained));
        result.print(System.out);
        result.printBroken(System.out, site.ledger(), site.smtp(), faults);
        check(result.isKept(), "nothing lost, nothing sent twice unasked");
        return result;
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    /** Whether all checks were as they should be. */
    boolean isKept() {
        return kept;
    }
}
