package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.lifecycle.VitalThread;
import ums.provider.CircuitChanged;
import ums.queue.EntriesAppended;

/** Polls the dispatcher on a thread of its own: at once after a signal, else after the wait that the last poll returned. */
class DispatchLoop implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(DispatchLoop.class);
    private static final String THREAD = "dispatcher";
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    private final Dispatcher dispatcher;
    private final Runnable beforeFirstPoll;
    private final PollHealth health = new PollHealth(System::nanoTime);
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    /** @param beforeFirstPoll runs once, at the start */
    DispatchLoop(Dispatcher dispatcher, Runnable beforeFirstPoll) {
        this.dispatcher = dispatcher;
        this.beforeFirstPoll = beforeFirstPoll;
    }

    /** After the commit, as there is nothing to claim before it. A scheduled entry is claimed when it is due. */
    @TransactionalEventListener(fallbackExecution = true)
    void onAppended(EntriesAppended appended) {
        if (appended.ready()) {
            dispatcher.wake();
        }
        Instant due = appended.nextDue();
        if (due != null) {
            dispatcher.expect(due);
        }
    }

    /** The entries that waited for the provider are claimed at once. */
    @EventListener
    void onCircuitChanged(CircuitChanged changed) {
        if (!changed.open()) {
            dispatcher.wake();
        }
    }

    /** Rescued entries are due at once. */
    void onRescued() {
        dispatcher.expect(Instant.EPOCH);
    }

    @Override
    public synchronized void start() {
        runBeforeFirstPoll();
        running = true;
        thread = Thread.ofPlatform().name(THREAD).start(this::run);
    }

    /** A failure does not prevent the start: the rescuer of any process does the same later. */
    private void runBeforeFirstPoll() {
        try {
            beforeFirstPoll.run();
        } catch (RuntimeException | Error e) {
            log.warn("The claims of an earlier process were not rescued yet: {}", e.toString());
        }
    }

    private void run() {
        boolean faulty = false;
        while (running) {
            try {
                health.begin();
                Duration wait = dispatcher.poll();
                if (!faulty || dispatcher.isAlive()) {
                    health.succeeded();
                }
                // A poll that may not claim does not read the queue.
                if (faulty && dispatcher.mayClaim()) {
                    log.info("The queue can be reached again");
                    faulty = false;
                }
                dispatcher.await(wait);
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException | Error e) {
                health.failed();
                if (!faulty) {
                    faulty = true;
                    log.warn("The queue cannot be read now, trying again every second: {}", e.toString());
                }
                pauseAfterFault();
            }
        }
    }

    private void pauseAfterFault() {
        try {
            dispatcher.await(AFTER_A_FAULT);
        } catch (InterruptedException _) {
            running = false;
        }
    }

    PollHealth health() {
        return health;
    }

    @Override
    public String threadName() {
        return THREAD;
    }

    @Override
    public boolean isGone() {
        Thread loop = thread;
        return running && loop != null && !loop.isAlive();
    }

    /** Whether its thread lives. */
    boolean isAlive() {
        Thread loop = thread;
        return loop != null && loop.isAlive();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A stopped loop cannot be started again: its claims are left to other processes. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** No new claims; messages in flight are settled within {@link #DRAIN_TIMEOUT}, the others stay in the queue. */
    @Override
    public synchronized void stop() {
        Thread loop = thread;
        if (!running || loop == null) {
            return;
        }
        running = false;
        dispatcher.stopClaiming();
        dispatcher.wake();
        try {
            loop.join();
            if (!dispatcher.drain(DRAIN_TIMEOUT)) {
                log.warn("Stopped with {} messages in flight; another process rescues them", dispatcher.inFlight());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
