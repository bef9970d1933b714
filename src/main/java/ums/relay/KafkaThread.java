package ums.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import ums.lifecycle.VitalThread;

/** A thread that works with Kafka, from the start of the process to its stop. */
abstract class KafkaThread implements SmartLifecycle, VitalThread {

    /** Neither Kafka nor PostgreSQL notifies its clients when it is back, so the thread retries after a pause. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final Duration stopTimeout;
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    /** @param stopTimeout how long a stop waits for the thread to end before it interrupts it */
    KafkaThread(String name, Duration stopTimeout) {
        this.name = name;
        this.stopTimeout = stopTimeout;
    }

    /** Works while {@link #isRunning} is true, until it is interrupted. */
    abstract void run();

    /** Wakes the thread from its wait, so that it notices the stop. */
    abstract void endWait();

    /** Waits before the next try, as nothing tells when Kafka or the database is back. A stop interrupts it. */
    static void pauseAfterFault() throws InterruptedException {
        Thread.sleep(RETRY_PAUSE);
    }

    /** An error with its cause, for the log. */
    static String describe(Throwable e) {
        return e.getCause() == null ? e.toString() : e.getMessage() + ": " + e.getCause();
    }

    @Override
    public final synchronized void start() {
        running = true;
        thread = Thread.ofPlatform().name(name).start(this::run);
    }

    @Override
    public final synchronized void stop() {
        Thread working = thread;
        if (!running || working == null) {
            return;
        }
        running = false;
        endWait();
        try {
            if (!working.join(stopTimeout)) {
                working.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public final String threadName() {
        return name;
    }

    @Override
    public final boolean isGone() {
        Thread working = thread;
        return running && working != null && !working.isAlive();
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    /** A stopped thread is not started again. */
    @Override
    public final boolean isPauseable() {
        return false;
    }
}
