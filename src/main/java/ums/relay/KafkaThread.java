package ums.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import ums.lifecycle.VitalThread;

/** Work with Kafka on a thread of its own, from the start of the process to its stop. */
abstract class KafkaThread implements SmartLifecycle, VitalThread {

    /** Nobody tells when a broker or a database is back, so that there is nothing to wait for but time. */
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    private final String name;
    private final Duration patience;
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    /** @param patience how long a stop waits for the work to end before it interrupts it */
    KafkaThread(String name, Duration patience) {
        this.name = name;
        this.patience = patience;
    }

    /** Works while {@link #isRunning}, until it is interrupted. */
    abstract void run();

    /** Ends what the thread waits for, so that it sees that it is to stop. */
    abstract void endWait();

    /** A broker that is away tells nobody when it is back: it is asked again after a while. A stop interrupts that. */
    static void pauseAfterFault() throws InterruptedException {
        Thread.sleep(AFTER_A_FAULT);
    }

    /** A fault for the log, with what is behind it. */
    static String told(Throwable e) {
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
            if (!working.join(patience)) {
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

    /** A stop is for good. */
    @Override
    public final boolean isPauseable() {
        return false;
    }
}
