package ums.bench;

import java.io.IOException;
import java.time.Duration;

/** Injects each kind of fault, and returns when it is over. */
final class Harm {

    /** Before and while a clock is changed, mails take twice this long, so that some are in flight and must be sent again. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    /** Longer than the heartbeat timeout plus two scans for dead processes. */
    private static final Duration DECLARED_DEAD = Duration.ofSeconds(10);

    /** A resumed machine writes its next heartbeat when that is due, or when its network is back. */
    private static final Duration UNTIL_NEXT_BEAT = Duration.ofMillis(2500);

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
     * Suspends a machine: its processes and its monotonic clock stand still, and its wall clock is right when it resumes.
     * SIGSTOP alone leaves the monotonic clock running.
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
                Thread.sleep(UNTIL_NEXT_BEAT);
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

    void smtpDown(SmtpServer server, int millis) throws IOException, InterruptedException {
        server.down();
        Thread.sleep(millis);
        server.open();
    }

    void garble(SmtpServer server, double chance, int millis) throws InterruptedException {
        server.misbehave(chance);
        Thread.sleep(millis);
        server.misbehave(0);
    }

    /** Steps the database's clock and later steps it back; all other clocks are right. */
    void stepDatabase(Duration ahead) throws IOException, InterruptedException {
        underWay(Fault.ALL_PROCESSES, () -> {
            site.databaseClock().ahead(ahead);
            Thread.sleep(DECLARED_DEAD);
            site.databaseClock().ahead(Duration.ZERO);
            Thread.sleep(DECLARED_DEAD);
        });
    }

    /** Sets one process's wall clock wrong for a time; its monotonic clock and all other clocks are right. */
    void stepProcess(int process, Duration ahead) throws IOException, InterruptedException {
        underWay(process, () -> {
            site.clock(process).ahead(ahead);
            Thread.sleep(DECLARED_DEAD);
            site.clock(process).ahead(Duration.ZERO);
            Thread.sleep(DECLARED_DEAD);
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

    /** An action that may fail. */
    interface Deed {
        void run() throws IOException, InterruptedException;
    }
}
