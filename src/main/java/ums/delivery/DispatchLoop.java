package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.channel.CircuitChanged;
import ums.lifecycle.VitalThread;
import ums.queue.EntriesAppended;

/** Polls the dispatcher: at once when this process put something into the queue, else when the last turn said. */
class DispatchLoop implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(DispatchLoop.class);
    private static final String THREAD = "dispatcher";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    private final Dispatcher dispatcher;
    private final Runnable first;
    private final PollHealth turns = new PollHealth(System::nanoTime);
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    /** @param first what to do before the first turn */
    DispatchLoop(Dispatcher dispatcher, Runnable first) {
        this.dispatcher = dispatcher;
        this.first = first;
    }

    /** After the commit, as before it there is nothing to claim; a scheduled order is found when it is due. */
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

    /** What waited for the provider need not wait for the next turn. */
    @EventListener
    void onCircuitChanged(CircuitChanged changed) {
        if (!changed.open()) {
            dispatcher.wake();
        }
    }

    /** Something was put back into the queue and is due at once. */
    void onRescued() {
        dispatcher.expect(Instant.EPOCH);
    }

    @Override
    public synchronized void start() {
        runFirst();
        running = true;
        thread = Thread.ofPlatform().name(THREAD).start(this::run);
    }

    /** What cannot be done now is done later by others: that is no reason not to start. */
    private void runFirst() {
        try {
            first.run();
        } catch (RuntimeException | Error e) {
            log.warn("What was claimed before the start was not taken back yet: {}", e.toString());
        }
    }

    private void run() {
        boolean faulty = false;
        while (running) {
            try {
                turns.begin();
                Duration wait = dispatcher.poll();
                if (!faulty || dispatcher.isAlive()) {
                    turns.succeeded();
                }
                // Where it may not claim, a turn does not even look.
                if (faulty && dispatcher.mayClaim()) {
                    log.info("The queue can be reached again");
                    faulty = false;
                }
                dispatcher.await(wait);
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException | Error e) {
                turns.failed();
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

    /** How its turns go. */
    PollHealth turns() {
        return turns;
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

    /** Whether the thread that turns it is there. */
    boolean isAlive() {
        Thread loop = thread;
        return loop != null && loop.isAlive();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A stop is for good: it hands the process's claims over to whoever goes on. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** No new claims; what is in flight is settled, for half a minute at most; the rest stays in the queue. */
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
            if (!dispatcher.drain(PATIENCE)) {
                log.warn("Stopped with {} messages in flight; they are taken back once stale", dispatcher.inFlight());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
