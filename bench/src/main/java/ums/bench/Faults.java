package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;

/**
 * Does harm in a seeded random order. Faults of different targets overlap; what is already broken is left alone until it
 * is mended, so the seed gives the order in which harm is attempted, not each moment of it.
 */
final class Faults {

    private static final double KILLS_A_MINUTE = 3;
    private static final int SECOND = 1000;

    private final Site site;
    private final Random random;
    private final ConcurrentLinkedQueue<Fault> done = new ConcurrentLinkedQueue<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Phaser running = new Phaser(1);
    private int kills;

    Faults(Site site, long seed) {
        this.site = site;
        this.random = new Random(seed);
    }

    /** Does harm for a time and waits until all of it is mended. */
    void run(Duration duration) throws InterruptedException, IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < duration.toNanos()) {
            double minutes = (System.nanoTime() - start) / 60e9;
            begin(next(minutes));
            int pause = random.nextInt(SECOND, 10 * SECOND);
            // On a slow machine a process is down for long; the next kill is not to be missed when it is back.
            Thread.sleep(kills < KILLS_A_MINUTE * minutes ? SECOND : pause);
        }
        running.arriveAndAwaitAdvance();
        if (!failures.isEmpty()) {
            throw new IOException("a fault could not be mended", failures.peek());
        }
    }

    private Fault.Kind next(double minutes) {
        int dice = random.nextInt(100);
        if (site.hasBroker()) {
            return dice < 55 ? Fault.Kind.KILL : dice < 80 ? Fault.Kind.BROKER_KILL : Fault.Kind.STOP;
        }
        if (kills < KILLS_A_MINUTE * minutes || dice < 30) {
            return Fault.Kind.KILL;
        }
        if (dice < 45) {
            return Fault.Kind.STOP;
        }
        if (dice < 56) {
            return Fault.Kind.DATABASE_KILL;
        }
        if (dice < 72) {
            return Fault.Kind.CUT;
        }
        return dice < 82 ? Fault.Kind.SMTP_DOWN : Fault.Kind.SMTP_GARBLE;
    }

    private void begin(Fault.Kind kind) {
        // With Kafka the first process takes the messages and is left alone.
        int first = site.hasBroker() ? 1 : 0;
        int process = random.nextInt(first, site.processes().size());
        boolean all = random.nextInt(3) == 0;
        int millis = random.nextInt(
                switch (kind) {
                    case KILL, CUT -> 5 * SECOND;
                    case STOP -> 29 * SECOND;
                    case DATABASE_KILL, BROKER_KILL, SMTP_DOWN -> 10 * SECOND;
                    case SMTP_GARBLE -> 12 * SECOND;
                });
        double chance = 0.05 + random.nextDouble() * 0.45;
        switch (kind) {
            case KILL -> {
                int victim = free(process);
                if (start(kind, victim, "process-" + victim, () -> kill(victim, millis))) {
                    kills++;
                }
            }
            case STOP -> {
                int victim = free(process);
                start(kind, victim, "process-" + victim, () -> stop(victim, SECOND + millis));
            }
            case CUT -> {
                if (all) {
                    for (int i = 0; i < site.processes().size(); i++) {
                        int victim = i;
                        start(kind, victim, "way-" + victim, () -> cut(victim, millis));
                    }
                } else {
                    start(kind, process, "way-" + process, () -> cut(process, millis));
                }
            }
            case DATABASE_KILL -> start(kind, Fault.EVERYBODY, "database", () -> killDatabase(millis));
            case BROKER_KILL -> start(kind, Fault.EVERYBODY, "broker", () -> killBroker(millis));
            case SMTP_DOWN -> start(kind, Fault.EVERYBODY, "smtp", () -> smtpDown(millis));
            case SMTP_GARBLE -> start(kind, Fault.EVERYBODY, "garble", () -> garble(chance, 2 * SECOND + millis));
        }
    }

    /** The process itself, or the next that is not down already. */
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

    private boolean start(Fault.Kind kind, int process, String target, Harm harm) {
        if (!broken.add(target)) {
            return false;
        }
        running.register();
        Instant from = Instant.now();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                harm.run();
            } catch (IOException | InterruptedException | RuntimeException e) {
                failures.add(e);
            } finally {
                done.add(new Fault(kind, process, from, Instant.now()));
                broken.remove(target);
                running.arriveAndDeregister();
            }
        });
        return true;
    }

    private void kill(int process, int millis) throws IOException, InterruptedException {
        UmsProcess victim = site.process(process);
        victim.kill();
        Thread.sleep(millis);
        victim.start();
        victim.awaitReady(Site.STARTING);
    }

    private void stop(int process, int millis) throws IOException, InterruptedException {
        UmsProcess victim = site.process(process);
        victim.stop();
        Thread.sleep(millis);
        victim.carryOn();
    }

    private void cut(int process, int millis) throws IOException, InterruptedException {
        site.proxy(process).cut();
        Thread.sleep(millis);
        site.proxy(process).open();
    }

    private void killDatabase(int millis) throws IOException, InterruptedException {
        site.postgres().kill();
        Thread.sleep(millis);
        site.postgres().start();
    }

    private void killBroker(int millis) throws IOException, InterruptedException {
        site.broker().kill();
        Thread.sleep(millis);
        site.broker().startAgain();
    }

    private void smtpDown(int millis) throws IOException, InterruptedException {
        site.smtp().down();
        Thread.sleep(millis);
        site.smtp().open();
    }

    private void garble(double chance, int millis) throws InterruptedException {
        site.smtp().misbehave(chance);
        Thread.sleep(millis);
        site.smtp().misbehave(0);
    }

    /** All that was done. */
    List<Fault> done() {
        return List.copyOf(done);
    }

    /** How often each kind was done. */
    Map<Fault.Kind, Integer> counts() {
        Map<Fault.Kind, Integer> counts = new EnumMap<>(Fault.Kind.class);
        done.forEach(fault -> counts.merge(fault.kind(), 1, Integer::sum));
        return counts;
    }

    private interface Harm {
        void run() throws IOException, InterruptedException;
    }
}
