package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Common parts of the scenarios: a backlog, waits with a timeout, and a checked line of output each. */
final class Scenario {

    /** A timeout for any condition, on a small machine too. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private boolean kept = true;

    /** A condition that may query the database. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * Waits until a condition holds.
     *
     * @return how long that took
     * @throws IOException if it does not hold in time
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

    /** Prints a line and records whether its check passed. */
    void check(boolean passed, String line, Object... values) {
        kept &= passed;
        System.out.println((passed ? "ok    " : "WRONG ") + line.formatted(values));
    }

    static void tell(String line, Object... values) {
        System.out.println("      " + line.formatted(values));
    }

    /** Posts a backlog while the SMTP server is down. */
    static Load backlog(Site site, int count) throws IOException, InterruptedException {
        return backlog(site, site.processes(), count);
    }

    /** Posts a backlog to the given processes while the SMTP server is down. */
    static Load backlog(Site site, List<UmsProcess> processes, int count) throws IOException, InterruptedException {
        site.smtp().down();
        Load load = new Load(site.client(), processes, n -> Mail.small("customer-" + n + "@shop.example"));
        load.all(count, 64);
        tell("%d messages accepted and waiting", load.accepted().size());
        return load;
    }

    /** Waits until all messages have ended, reconciles, and prints the result. */
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

    /** Whether all checks passed. */
    boolean isKept() {
        return kept;
    }
}
