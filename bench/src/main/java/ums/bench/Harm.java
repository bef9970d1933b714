package ums.bench;

import java.io.IOException;
import java.time.Duration;

/** What each fault does to the run; each returns when it is mended. */
final class Harm {

    /** Before and while a clock is changed, mails are under way for twice as long: some are to be sent again. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    /** Longer than a process may be silent, and two rounds of those who judge it. */
    private static final Duration JUDGED = Duration.ofSeconds(10);

    /** A machine that goes on is heard of when its next beat is due, or when its network is back. */
    private static final Duration UNHEARD = Duration.ofMillis(2500);

    private final Site site;

    Harm(Site site) {
        this.site = site;
    }

    void kill(int process, int millis) throws IOException, InterruptedException {
        UmsProcess victim = site.process(process);
        victim.kill();
        Thread.sleep(millis);
        victim.start();
        victim.awaitReady(Site.STARTING);
    }

    void stop(int process, int millis) throws IOException, InterruptedException {
        UmsProcess victim = site.process(process);
        victim.stop();
        Thread.sleep(millis);
        victim.carryOn();
    }

    /**
     * A machine that is suspended: its processes stand still and so does its monotonic clock, and its wall clock is right
     * when it goes on. SIGSTOP alone leaves the monotonic clock running.
     */
    void suspend(int process, int millis) throws IOException, InterruptedException {
        UmsProcess victim = site.process(process);
        underWay(process, () -> {
            victim.stop();
            long begun = System.nanoTime();
            Thread.sleep(millis);
            site.proxy(process).hold();
            try {
                site.clock(process).stoodStill(Duration.ofNanos(System.nanoTime() - begun));
                victim.carryOn();
                Thread.sleep(UNHEARD);
            } finally {
                site.proxy(process).release();
            }
        });
    }

    void cut(int process, int millis) throws IOException, InterruptedException {
        site.proxy(process).cut();
        Thread.sleep(millis);
        site.proxy(process).open();
    }

    void killDatabase(int millis) throws IOException, InterruptedException {
        site.postgres().kill();
        Thread.sleep(millis);
        site.postgres().start();
    }

    void killBroker(int millis) throws IOException, InterruptedException {
        site.broker().kill();
        Thread.sleep(millis);
        site.broker().startAgain();
    }

    void smtpDown(int millis) throws IOException, InterruptedException {
        site.smtp().down();
        Thread.sleep(millis);
        site.smtp().open();
    }

    void garble(double chance, int millis) throws InterruptedException {
        site.smtp().misbehave(chance);
        Thread.sleep(millis);
        site.smtp().misbehave(0);
    }

    /** The database's clock steps and, later, steps back; all others are right. */
    void stepDatabase(Duration ahead) throws IOException, InterruptedException {
        underWay(Fault.EVERYBODY, () -> {
            site.databaseClock().ahead(ahead);
            Thread.sleep(JUDGED);
            site.databaseClock().ahead(Duration.ZERO);
            Thread.sleep(JUDGED);
        });
    }

    /** One process's wall clock is wrong for a time; its monotonic one and all others are right. */
    void stepProcess(int process, Duration ahead) throws IOException, InterruptedException {
        underWay(process, () -> {
            site.clock(process).ahead(ahead);
            Thread.sleep(JUDGED);
            site.clock(process).ahead(Duration.ZERO);
            Thread.sleep(JUDGED);
        });
    }

    private void underWay(int process, Deed deed) throws IOException, InterruptedException {
        site.smtp().slow(process, UNDER_WAY);
        try {
            Thread.sleep(UNDER_WAY);
            deed.run();
        } finally {
            site.smtp().slow(process, Duration.ZERO);
        }
    }

    /** What may fail as all here may. */
    interface Deed {
        void run() throws IOException, InterruptedException;
    }
}
