package ums.channel.email;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose current step takes too long. One mechanism for all that can hang: a socket's own timeout
 * starts again with every byte read and never covers a write or a handshake. A platform thread, so that it runs even
 * when nothing else gets to.
 */
final class SmtpWatchdog {

    /** Its name. */
    static final String THREAD = "smtp-watchdog";

    private static final Logger log = LoggerFactory.getLogger(SmtpWatchdog.class);
    private static final Duration SLOWEST_ROUND = Duration.ofMillis(250);
    private static final Duration QUICKEST_ROUND = Duration.ofMillis(10);

    private final Set<SmtpWire> wires = ConcurrentHashMap.newKeySet();
    private final Duration pause;
    private final Runnable chore;
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;
    private boolean told;

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
        watchdog.thread = Thread.ofPlatform().daemon().name(THREAD).start(watchdog::run);
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
                survive(() -> wire.cutIfPast(now));
            }
            if (!stopping) {
                survive(chore);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Nothing is worth the deadlines of all connections. It gets another chance in the next round. */
    private void survive(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            if (!told) {
                told = true;
                log.warn("The SMTP connections' watchdog met a fault, and goes on: {}", e.toString());
            }
        }
    }

    /** Whether it should be there and is not. */
    boolean isGone() {
        Thread watching = thread;
        return !stopping && watching != null && !watching.isAlive();
    }
}
