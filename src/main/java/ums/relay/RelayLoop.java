package ums.relay;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.event.TransactionalEventListener;
import ums.delivery.QueueReader;
import ums.queue.EntriesAppended;

/**
 * Polls the relay: at once when entries were appended to the queue, else after the wait that the last poll returned.
 */
class RelayLoop extends KafkaThread implements QueueReader {

    private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Relay relay;
    private final ApplicationEventPublisher notifications;
    private final Semaphore signal = new Semaphore(0);

    RelayLoop(Relay relay, ApplicationEventPublisher notifications) {
        super("relay", STOP_TIMEOUT);
        this.relay = relay;
        this.notifications = notifications;
    }

    /** Runs after the commit, as before it the entries cannot be read. */
    @TransactionalEventListener(fallbackExecution = true)
    void onAppended(EntriesAppended appended) {
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

    @Override
    void run() {
        boolean failing = false;
        try {
            while (isRunning()) {
                try {
                    Duration wait = relay.poll();
                    if (failing) {
                        log.info("Entries and events are relayed to Kafka again");
                        failing = false;
                    }
                    await(wait);
                } catch (RuntimeException | Error e) {
                    if (!failing) {
                        failing = true;
                        log.warn(
                                "Nothing is relayed to Kafka now; entries and events stay in the database, trying again every second: {}",
                                describe(e));
                    }
                    notifications.publishEvent(new KafkaActivity.Fault("relay"));
                    relay.reset();
                    pauseAfterFault();
                }
            }
            relay.release();
        } catch (InterruptedException _) {
            relay.reset();
        } catch (DataAccessException e) {
            log.debug("The relay's lease was not released: {}", e.toString());
        }
    }

    private void await(Duration wait) throws InterruptedException {
        if (!wait.isZero()) {
            signal.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        signal.drainPermits();
    }

    /** A poll that is under way is waited for. */
    @Override
    void endWait() {
        wake();
    }
}
