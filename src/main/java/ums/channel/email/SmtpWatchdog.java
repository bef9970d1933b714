package ums.channel.email;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections whose current step takes too long. One mechanism for all that can hang: a socket's own timeout
 * starts again with every byte read and never covers a write or a handshake. A platform thread, so that it runs even
 * when nothing else gets to.
 */
final class SmtpWatchdog {

    private static final Duration SLOWEST_ROUND = Duration.ofMillis(250);
    private static final Duration QUICKEST_ROUND = Duration.ofMillis(10);

    private final Set<SmtpWire> wires = ConcurrentHashMap.newKeySet();
    private final Duration pause;
    private final Runnable chore;
    private volatile boolean stopping;

    private SmtpWatchdog(Duration timeout, Runnable chore) {
        Duration pause = timeout.dividedBy(8);
        pause = pause.compareTo(SLOWEST_ROUND) > 0 ? SLOWEST_ROUND : pause;
        this.pause = pause.compareTo(QUICKEST_ROUND) < 0 ? QUICKEST_ROUND : pause;
        this.chore = chore;
    }

    /**
     * Starts one.
     *
     * @param timeout the deadline of a step; it is kept to an eighth, and to 250 ms where it is long
     * @param chore what else to do every round; must not block
     */
    static SmtpWatchdog start(Duration timeout, Runnable chore) {
        SmtpWatchdog watchdog = new SmtpWatchdog(timeout, chore);
        Thread.ofPlatform().daemon().name("smtp-watchdog").start(watchdog::run);
        return watchdog;
    }

    void watch(SmtpWire wire) {
        wires.add(wire);
    }

    void forget(SmtpWire wire) {
        wires.remove(wire);
    }

    /** Ends it as soon as the last connection is closed. */
    void stop() {
        stopping = true;
    }

    private void run() {
        while (!stopping || !wires.isEmpty()) {
            long now = SmtpDeadline.now();
            for (SmtpWire wire : wires) {
                wire.cutIfPast(now);
            }
            if (!stopping) {
                runChore();
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private void runChore() {
        try {
            chore.run();
        } catch (RuntimeException _) {
            // No chore is worth the deadlines of all connections. It gets another chance in the next round.
        }
    }
}
