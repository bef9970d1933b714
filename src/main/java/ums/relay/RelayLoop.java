package ums.relay;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.dispatch.QueueReader;
import ums.outbox.OutboxAppended;

/** Turns the relay: at once when something was put into the queue, else when the last turn said. */
class RelayLoop implements SmartLifecycle, QueueReader {

    private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Relay relay;
    private final ApplicationEventPublisher news;
    private final Semaphore signal = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    RelayLoop(Relay relay, ApplicationEventPublisher news) {
        this.relay = relay;
        this.news = news;
    }

    /** After the commit, as before it there is nothing to see. */
    @TransactionalEventListener(fallbackExecution = true)
    void onAppended(OutboxAppended appended) {
        if (appended.ready()) {
            wake();
        }
    }

    @Override
    public void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    private void run() {
        boolean faulty = false;
        try {
            while (running) {
                try {
                    Duration wait = relay.turn();
                    if (faulty) {
                        log.info("Orders and events go to Kafka again");
                        faulty = false;
                    }
                    await(wait);
                } catch (KafkaException | DataAccessException | TransactionException e) {
                    if (!faulty) {
                        log.warn(
                                "Nothing goes to Kafka now; it stays in the database and is tried again every second: {}",
                                told(e));
                        faulty = true;
                    }
                    news.publishEvent(new KafkaNews.Fault("relay"));
                    relay.reset();
                    Thread.sleep(AFTER_A_FAULT);
                }
            }
            relay.leave();
        } catch (InterruptedException _) {
            relay.reset();
        } catch (DataAccessException e) {
            log.debug("The lease was not given back: {}", e.toString());
        }
    }

    private static String told(RuntimeException e) {
        return e.getCause() == null ? e.toString() : e.getMessage() + ": " + e.getCause();
    }

    private void await(Duration wait) throws InterruptedException {
        if (!wait.isZero()) {
            signal.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        signal.drainPermits();
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofPlatform().name("relay").start(this::run);
    }

    /** What is on its way is waited for. */
    @Override
    public synchronized void stop() {
        Thread relaying = thread;
        if (!running || relaying == null) {
            return;
        }
        running = false;
        wake();
        try {
            if (!relaying.join(PATIENCE)) {
                relaying.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A stop is for good. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
