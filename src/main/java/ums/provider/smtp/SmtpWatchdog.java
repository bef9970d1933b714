package ums.provider.smtp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose current step takes too long. It covers everything that can hang: a socket's own timeout
 * starts again with every byte read and never covers a write or a handshake. It is a platform thread, so that it runs
 * even when all carrier threads are busy.
 */
final class SmtpWatchdog {

    /** The thread's name. */
    static final String THREAD = "smtp-watchdog";

    private static final Logger log = LoggerFactory.getLogger(SmtpWatchdog.class);
    private static final Duration MAX_PAUSE = Duration.ofMillis(250);
    private static final Duration MIN_PAUSE = Duration.ofMillis(10);

    private final Set<SmtpWire> wires = ConcurrentHashMap.newKeySet();
    private final Duration pause;
    private final Runnable chore;
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;
    private boolean reported;

    private SmtpWatchdog(Duration timeout, Runnable chore) {
        Duration pause = timeout.dividedBy(8);
        pause = pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
        this.pause = pause.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : pause;
        this.chore = chore;
    }

    /**
     * Starts a watchdog.
     *
     * @param timeout the deadline of a step; connections are checked every eighth of it, but never more often than
     *     every 10 ms nor less often than every 250 ms
     * @param chore run every round as well; must not block
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

    /** Lets the thread end as soon as the last connection is closed. */
    void stop() {
        stopping = true;
    }

    private void run() {
        while (!stopping || !wires.isEmpty()) {
            long now = SmtpDeadline.now();
            for (SmtpWire wire : wires) {
                runSafely(() -> wire.cutIfPast(now));
            }
            if (!stopping) {
                runSafely(chore);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** One failing task must not stop the deadlines of all connections; it runs again in the next round. */
    private void runSafely(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            if (!reported) {
                reported = true;
                log.warn("A task of the SMTP connections' watchdog failed; the watchdog goes on: {}", e.toString());
            }
        }
    }

    /** Whether the thread has died. */
    boolean isGone() {
        Thread watching = thread;
        return !stopping && watching != null && !watching.isAlive();
    }
}
