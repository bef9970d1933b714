package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/**
 * Injects faults in a seeded random sequence. Faults of different targets overlap, and a target with a fault gets no other
 * until it has recovered. So the seed determines the sequence of attempted faults, and not their exact times.
 */
final class Faults {

    private static final double KILLS_A_MINUTE = 3;
    private static final int SECOND = 1000;
    private static final Duration LEAST_STEP = Duration.ofSeconds(10);
    private static final Duration GREATEST_STEP = Duration.ofHours(1);

    /** A process with a wrong clock may delay messages by as much, and a run waits five minutes for its end. */
    private static final Duration GREATEST_DELAY = Duration.ofMinutes(2);

    /** Of several servers, however slow the machine is: what goes on to the next is then looked for. */
    private static final List<Fault.Kind> SMTP = List.of(Fault.Kind.SMTP_DOWN, Fault.Kind.SMTP_GARBLE);

    private static final Set<Fault.Kind> DOWN = EnumSet.of(Fault.Kind.KILL, Fault.Kind.STOP);

    private final Site site;
    private final Harm harm;
    private final Poison poison;
    private final Set<Fault.Kind> kinds;
    private final Random random;
    private final ConcurrentLinkedQueue<Fault> done = new ConcurrentLinkedQueue<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Phaser running = new Phaser(1);
    private int kills;
    private int turns;
    private boolean forward;

    /**
     * @param kinds the kinds to inject; with a broker, only kills and stops of processes and broker, and those of SMTP where it
     *     has several servers
     */
    Faults(Site site, long seed, Set<Fault.Kind> kinds) {
        this.site = site;
        this.harm = new Harm(site);
        this.poison = new Poison(site);
        this.kinds = kinds;
        this.random = new Random(seed);
    }

    /** Injects faults for a time and waits until all targets have recovered. */
    void run(Duration duration) throws InterruptedException, IOException {
        if (kinds.contains(Fault.Kind.POISON)) {
            poison.prepare();
        }
        long start = System.nanoTime();
        boolean several = site.smtp().all().size() > 1 && kinds.containsAll(SMTP);
        double nextSmtp = 0;
        while (System.nanoTime() - start < duration.toNanos()) {
            double minutes = (System.nanoTime() - start) / 60e9;
            if (several && minutes >= nextSmtp) {
                begin(SMTP.get(random.nextInt(SMTP.size())));
                nextSmtp = minutes + random.nextDouble(5, 15) / 60;
            }
            Fault.Kind kind = next(minutes);
            if (!(DOWN.contains(kind) && isHalfDown())) {
                begin(kind);
            }
            int pause = random.nextInt(SECOND, 10 * SECOND);
            // On a slow machine a process is down for long; the next kill must come soon after it is back.
            Thread.sleep(killsAreDue(minutes) && !isHalfDown() ? SECOND : pause);
        }
        running.arriveAndAwaitAdvance();
        if (!failures.isEmpty()) {
            throw new IOException("a target did not recover from a fault", failures.peek());
        }
    }

    private boolean killsAreDue(double minutes) {
        return kinds.contains(Fault.Kind.KILL) && kills < KILLS_A_MINUTE * minutes;
    }

    private Fault.Kind next(double minutes) {
        if (site.hasBroker()) {
            int dice = random.nextInt(100);
            return dice < 55 ? Fault.Kind.KILL : dice < 80 ? Fault.Kind.BROKER_KILL : Fault.Kind.STOP;
        }
        int dice = random.nextInt(kinds.stream().mapToInt(Fault.Kind::weight).sum());
        if (killsAreDue(minutes)) {
            return Fault.Kind.KILL;
        }
        for (Fault.Kind kind : kinds) {
            dice -= kind.weight();
            if (dice < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the dice fell beside " + kinds);
    }

    private void begin(Fault.Kind kind) {
        // With Kafka the first process accepts the messages and gets no faults.
        int first = site.hasBroker() ? 1 : 0;
        int process = random.nextInt(first, site.processes().size());
        boolean all = random.nextInt(3) == 0;
        int millis = random.nextInt(
                switch (kind) {
                    case KILL, CUT -> 5 * SECOND;
                    case STOP -> 29 * SECOND;
                    case SUSPEND -> 20 * SECOND;
                    case DATABASE_KILL, BROKER_KILL, SMTP_DOWN -> 10 * SECOND;
                    case SMTP_GARBLE -> 12 * SECOND;
                    case DATABASE_CLOCK, PROCESS_CLOCK, POISON -> SECOND;
                });
        double chance = 0.05 + random.nextDouble() * 0.45;
        switch (kind) {
            case KILL -> {
                int victim = free(process);
                if (start(kind, victim, "process-" + victim, () -> harm.kill(victim, millis))) {
                    kills++;
                }
            }
            case STOP -> {
                int victim = free(process);
                start(kind, victim, "process-" + victim, () -> harm.stop(victim, SECOND + millis));
            }
            case SUSPEND -> {
                int victim = free(process);
                start(kind, victim, "process-" + victim, () -> harm.suspend(victim, 8 * SECOND + millis));
            }
            case CUT -> {
                if (all) {
                    for (int i = 0; i < site.processes().size(); i++) {
                        int victim = i;
                        start(kind, victim, "way-" + victim, () -> harm.cut(victim, millis));
                    }
                } else {
                    start(kind, process, "way-" + process, () -> harm.cut(process, millis));
                }
            }
            case DATABASE_KILL -> start(kind, Fault.ALL_PROCESSES, "database", () -> harm.killDatabase(millis));
            case BROKER_KILL -> start(kind, Fault.ALL_PROCESSES, "broker", () -> harm.killBroker(millis));
            case SMTP_DOWN ->
                servers(all).forEach(it -> start(kind, it, "smtp-" + it.name(), () -> harm.smtpDown(it, millis)));
            case SMTP_GARBLE ->
                servers(all)
                        .forEach(it -> start(
                                kind, it, "garble-" + it.name(), () -> harm.garble(it, chance, 2 * SECOND + millis)));
            case DATABASE_CLOCK -> {
                Duration step = step(GREATEST_STEP);
                start(kind, Fault.ALL_PROCESSES, "clock", () -> harm.stepDatabase(step));
            }
            case PROCESS_CLOCK -> {
                Duration step = step(GREATEST_DELAY);
                start(kind, process, "clock-" + process, () -> harm.stepProcess(process, step));
            }
            case POISON -> {
                Random choice = new Random(random.nextLong());
                start(kind, Fault.ALL_PROCESSES, "row", () -> poison.one(choice));
            }
        }
    }

    /** A random step: seconds as often as minutes, forward and back alternately. */
    private Duration step(Duration greatestForward) {
        forward = !forward;
        double least = Math.log(LEAST_STEP.toMillis());
        double greatest = Math.log((forward ? greatestForward : GREATEST_STEP).toMillis());
        Duration size = Duration.ofMillis((long) Math.exp(least + random.nextDouble() * (greatest - least)));
        return forward ? size : size.negated();
    }

    /**
     * Whether relay and workers are down to the half. On a slow machine all of them would be down all the time, and a message
     * needs the relay and a worker at once.
     */
    private boolean isHalfDown() {
        long down = broken.stream().filter(it -> it.startsWith("process-")).count();
        return site.hasBroker() && 2 * down >= site.processes().size() - 1;
    }

    /** The process itself, or the next one that is not down. */
    private int free(int process) {
        int count = site.processes().size();
        for (int i = 0; i < count; i++) {
            int candidate = (process + i) % count;
            if (!(candidate == 0 && site.hasBroker()) && !broken.contains("process-" + candidate)) {
                return candidate;
            }
        }
        return process;
    }

    /** All SMTP servers, or the one whose turn it is. */
    private List<SmtpServer> servers(boolean all) {
        List<SmtpServer> servers = site.smtp().all();
        return all ? servers : List.of(servers.get(turns++ % servers.size()));
    }

    private boolean start(Fault.Kind kind, int process, String target, Harm.Deed deed) {
        return start(kind, process, null, target, deed);
    }

    private void start(Fault.Kind kind, SmtpServer server, String target, Harm.Deed deed) {
        start(kind, Fault.ALL_PROCESSES, server.name(), target, deed);
    }

    private boolean start(Fault.Kind kind, int process, @Nullable String server, String target, Harm.Deed deed) {
        if (!broken.add(target)) {
            return false;
        }
        running.register();
        Instant from = Instant.now();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                deed.run();
            } catch (IOException | InterruptedException | RuntimeException e) {
                failures.add(e);
            } finally {
                done.add(new Fault(kind, process, server, from, Instant.now()));
                broken.remove(target);
                running.arriveAndDeregister();
            }
        });
        return true;
    }

    /** All injected faults. */
    List<Fault> done() {
        return List.copyOf(done);
    }

    /** How often each kind was injected. */
    Map<Fault.Kind, Integer> counts() {
        Map<Fault.Kind, Integer> counts = new EnumMap<>(Fault.Kind.class);
        done.forEach(fault -> counts.merge(fault.kind(), 1, Integer::sum));
        return counts;
    }

    /** The messages whose rows were made unreadable, and the changes. */
    Poison poison() {
        return poison;
    }
}
