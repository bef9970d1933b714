package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Thirty messages are in flight when a clock changes: the database's clock by an hour, forward and back, or the monotonic clock
 * of a suspended process, which stands still. No message may be sent twice. Then one process's wall clock is an hour ahead
 * while messages wait: none may expire or be sent too early.
 */
final class Clocks {

    private static final int UNDER_WAY = 30;
    private static final Duration HOUR = Duration.ofHours(1);

    /** The duration of each half of a transaction: long enough for the process to be declared dead meanwhile. */
    private static final Duration SLOW = Duration.ofSeconds(12);

    private static final Duration SUSPENDED = Duration.ofSeconds(20);
    private static final Duration WATCHED = Duration.ofSeconds(20);
    private static final Duration NOTICED = Duration.ofSeconds(6);
    private static final List<String> SETTINGS =
            List.of("--ums.email.smtp.timeout=40s", "--ums.dispatch.stale-after=60s");

    private final Options options;
    private final Scenario scenario = new Scenario();

    private Clocks(Options options) {
        List<String> settings = new ArrayList<>(SETTINGS);
        settings.addAll(options.extra());
        this.options = options.withProcesses(2).withExtra(settings);
    }

    static boolean run(Options options) throws IOException, InterruptedException {
        Clocks clocks = new Clocks(options);
        boolean review = options.onUnknown().equals("REVIEW");
        try (Site site = Site.start(clocks.options)) {
            clocks.step(site, "forward", HOUR, review);
            clocks.step(site, "back", HOUR.negated(), review);
            clocks.suspended(site, review);
            clocks.ahead(site);
        }
        return clocks.scenario.isKept();
    }

    private void step(Site site, String direction, Duration ahead, boolean review)
            throws IOException, InterruptedException {
        Set<UUID> messages = underWay(site, Fault.ALL_PROCESSES, site.processes());
        site.databaseClock().ahead(ahead);
        Thread.sleep(WATCHED);
        // While the clocks do not agree, no delayed entry is made ready, so released messages wait until they do.
        site.databaseClock().ahead(Duration.ZERO);
        check(site, messages, "the database's clock an hour " + direction + " and right again", List.of(), review);
        Thread.sleep(NOTICED);
    }

    private void suspended(Site site, boolean review) throws IOException, InterruptedException {
        // The other process is fast, so that it has sent the rescued messages before the first one goes on.
        Set<UUID> messages = underWay(site, 0, List.of(site.process(0)));
        Instant from = Instant.now();
        new Harm(site).suspend(0, (int) SUSPENDED.toMillis());
        Fault fault = new Fault(Fault.Kind.SUSPEND, 0, from, Instant.now());
        check(site, messages, "a machine suspended for " + SUSPENDED.toSeconds() + " s", List.of(fault), review);
    }

    /** Half of them wait for the final reply (unknown outcome), half for the reply to DATA (not sent yet). */
    private static Set<UUID> underWay(Site site, int slow, List<UmsProcess> processes)
            throws IOException, InterruptedException {
        site.smtp().slow(slow, SLOW);
        Set<UUID> messages = new HashSet<>(half(site, processes));
        Thread.sleep(SLOW.plusMillis(500));
        messages.addAll(half(site, processes));
        Thread.sleep(500);
        return messages;
    }

    private static Set<UUID> half(Site site, List<UmsProcess> processes) throws InterruptedException {
        Load load = new Load(site.client(), processes, n -> Mail.small("customer-" + n + "@shop.example"));
        load.all(UNDER_WAY / 2, UNDER_WAY);
        return load.accepted().keySet();
    }

    private void check(Site site, Set<UUID> messages, String what, List<Fault> faults, boolean review)
            throws IOException, InterruptedException {
        site.ledger().awaitEnd(Duration.ofMinutes(3));
        site.smtp().slow(Fault.ALL_PROCESSES, Duration.ZERO);
        Map<UUID, Ledger.Entry> ledger = site.ledger().entries();
        // Messages of earlier steps were checked there.
        ledger.keySet().retainAll(messages);
        Reconciliation result =
                Reconciliation.of(new Posted(messages, Map.of(), Set.of()), ledger, site.smtp(), faults, review);
        scenario.check(
                Collections.disjoint(messages, result.broken()),
                "%s, %d under way: %d taken twice as they were asked to be, %d unasked; %d lost, %d in review",
                what,
                messages.size(),
                of(messages, result.asked()),
                of(messages, result.unasked()),
                of(messages, result.lost()),
                result.inReview());
    }

    private static long of(Set<UUID> messages, Set<UUID> some) {
        return some.stream().filter(messages::contains).count();
    }

    /** The SMTP server is down, so that nothing is sent; messages are accepted after the wrong clock was noticed. */
    private void ahead(Site site) throws IOException, InterruptedException {
        site.smtp().down();
        site.clock(1).ahead(HOUR);
        Thread.sleep(NOTICED);
        Instant scheduled = Instant.now().plus(HOUR.dividedBy(2));
        Load later = new Load(
                site.client(), List.of(site.process(0)), n -> new Mail("later-" + n + "@shop.example", 0, scheduled));
        Load expiring = new Load(
                site.client(),
                List.of(site.process(0)),
                n -> Mail.small("soon-" + n + "@shop.example").until(scheduled));
        later.all(UNDER_WAY, UNDER_WAY);
        expiring.all(UNDER_WAY, UNDER_WAY);
        Thread.sleep(WATCHED);
        long expired = site.ledger().number("select count(*) from message where status = 'EXPIRED'");
        site.smtp().open();
        Scenario.await(
                "the messages of now", Scenario.PATIENCE, () -> site.ledger().open() <= UNDER_WAY);
        Thread.sleep(WATCHED);
        long early = later.accepted().keySet().stream()
                .filter(id -> !site.smtp().takes(id).isEmpty())
                .count();
        scenario.check(
                expired == 0 && early == 0,
                "one process an hour ahead: %d of %d expired before their time, %d of %d sent before theirs",
                expired,
                expiring.accepted().size(),
                early,
                later.accepted().size());
        site.clock(1).ahead(Duration.ZERO);
    }
}
