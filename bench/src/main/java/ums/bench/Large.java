package ums.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * 64 messages of 9.8 MB and 512 of 1 MB become due at once in a process with 512 MB of heap. Meanwhile small ones are posted
 * every second, and the process is killed when half of the large ones are sent.
 */
final class Large {

    private static final int LARGEST = 64;
    private static final int EIGHT_TIMES = 8;
    private static final int LARGEST_SIZE = 9_800_000;
    private static final int LARGE_SIZE = 1_000_000;
    private static final int AT_ONCE = 4;
    private static final Duration ACCEPTING_EACH = Duration.ofMillis(2500);
    private static final Duration DOWN = Duration.ofSeconds(2);
    private static final Duration RECOVERING = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration ALLOWED = Duration.ofSeconds(5);
    private static final double A_SECOND = 1;

    private final Site site;
    private final Scenario scenario = new Scenario();
    private final List<Fault> kills = new ArrayList<>();
    private double mostMemory;

    private Large(Site site) {
        this.site = site;
    }

    static boolean run(Options options) throws IOException, InterruptedException {
        try (Site site = Site.start(options.withProcesses(1));
                Supervisor _ = new Supervisor(site.processes())) {
            System.out.println("logs in " + site.folder());
            Large large = new Large(site);
            large.run(options.messagesOr(LARGEST), options.onUnknown().equals("REVIEW"));
            return large.scenario.isKept();
        }
    }

    private void run(int count, boolean review) throws IOException, InterruptedException {
        Instant due = Instant.now().plus(ACCEPTING_EACH.multipliedBy(count)).plusSeconds(5);
        int all = count + EIGHT_TIMES * count;
        Load large = new Load(site.client(), site.processes(), n -> mail(n, due));
        large.all(all, AT_ONCE);
        boolean early = Instant.now().isBefore(due);
        Scenario.tell("%d large ones accepted %s they are due", large.accepted().size(), early ? "before" : "AFTER");
        Thread.sleep(Math.max(0, Duration.between(Instant.now(), due).toMillis()));
        Load small = new Load(site.client(), site.processes(), n -> Mail.small("small-" + n + "@shop.example"));
        Thread posting = Thread.ofPlatform().daemon().start(() -> small.run(A_SECOND, PATIENCE));
        awaitTaken(large, all / 2);
        kill();
        awaitTaken(large, large.accepted().size());
        Duration took = Duration.between(due, Instant.now());
        posting.interrupt();
        small.awaitAnswers(Duration.ofMinutes(1));
        noteMemory();
        scenario.check(
                taken(large) == all,
                "%d of %d large ones taken after %.0f s",
                taken(large),
                all,
                Scenario.seconds(took));
        reconcile(large, small, review);
    }

    private static Mail mail(long n, Instant due) {
        boolean largest = n % (EIGHT_TIMES + 1) == 0;
        return new Mail("large-" + n + "@shop.example", largest ? LARGEST_SIZE : LARGE_SIZE, due);
    }

    private void awaitTaken(Load load, int count) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (taken(load) < count && System.nanoTime() < end) {
            noteMemory();
            Thread.sleep(500);
        }
    }

    private int taken(Load load) {
        return (int) load.accepted().keySet().stream()
                .filter(id -> site.smtp().takes(id).stream().anyMatch(Take::taken))
                .count();
    }

    private void kill() throws IOException, InterruptedException {
        Instant from = Instant.now();
        site.process(0).kill();
        Thread.sleep(DOWN);
        site.process(0).start();
        site.process(0).awaitReady(Site.STARTING);
        kills.add(new Fault(Fault.Kind.KILL, 0, from, Instant.now()));
        Scenario.tell("killed, and ready again after %.1f s", Scenario.seconds(Duration.between(from, Instant.now())));
    }

    private void reconcile(Load large, Load small, boolean review) throws IOException, InterruptedException {
        site.ledger().awaitEnd(Duration.ofMinutes(2));
        Posted posted = Posted.by(large).and(Posted.by(small));
        Reconciliation result = Reconciliation.of(posted, site.ledger().entries(), site.smtp(), kills, review);
        result.print(System.out);
        result.printBroken(System.out, site.ledger(), site.smtp(), kills);
        scenario.check(
                result.isKept()
                        && result.sent() + result.inReview()
                                == posted.accepted().size(),
                "%d accepted, %d sent, %d in review",
                posted.accepted().size(),
                result.sent(),
                result.inReview());
        int outOfMemory = site.process(0).outOfMemory();
        scenario.check(
                outOfMemory == 0, "out of memory %d times; the most memory held: %.0f MB", outOfMemory, mostMemory);
        List<Long> delays = delays(small);
        scenario.check(
                !delays.isEmpty() && at(delays, 0.99) <= ALLOWED.toMillis(),
                "small ones, accepted to taken, but for the kill: p50 %d ms, p99 %d ms, most %d ms, of %d",
                at(delays, 0.5),
                at(delays, 0.99),
                at(delays, 1),
                delays.size());
    }

    /** The delays of messages accepted while the process was neither down nor recovering, in milliseconds, sorted. */
    private List<Long> delays(Load small) {
        List<Long> delays = new ArrayList<>();
        for (Map.Entry<UUID, Instant> each : small.accepted().entrySet()) {
            Instant at = each.getValue();
            boolean disturbed = kills.stream()
                    .anyMatch(kill -> at.isAfter(kill.from().minus(ALLOWED))
                            && at.isBefore(kill.until().plus(RECOVERING)));
            if (!disturbed) {
                Instant taken = site.smtp().takes(each.getKey()).stream()
                        .filter(Take::taken)
                        .map(Take::at)
                        .findFirst()
                        .orElse(Instant.now());
                delays.add(Math.max(0, Duration.between(at, taken).toMillis()));
            }
        }
        Collections.sort(delays);
        return delays;
    }

    private static long at(List<Long> sorted, double part) {
        return sorted.isEmpty() ? -1 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part));
    }

    /** Records the process's peak memory, as Linux reports it. */
    private void noteMemory() {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + site.process(0).handle().pid() + "/status"))) {
            lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .forEach(megabytes -> mostMemory = Math.max(mostMemory, megabytes));
        } catch (IOException e) {
            // The process has ended, or this is not Linux.
        }
    }
}
