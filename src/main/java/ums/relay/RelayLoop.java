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

/** PollHealth the relay: at once when something was put into the queue, else when the last turn said. */
class RelayLoop extends KafkaThread implements QueueReader {

    private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Relay relay;
    private final ApplicationEventPublisher news;
    private final Semaphore signal = new Semaphore(0);

    RelayLoop(Relay relay, ApplicationEventPublisher news) {
        super("relay", PATIENCE);
        this.relay = relay;
        this.news = news;
    }

    /** After the commit, as before it there is nothing to see. */
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
        boolean faulty = false;
        try {
            while (isRunning()) {
                try {
                    Duration wait = relay.turn();
                    if (faulty) {
                        log.info("Orders and events go to Kafka again");
                        faulty = false;
                    }
                    await(wait);
                } catch (RuntimeException | Error e) {
                    if (!faulty) {
                        faulty = true;
                        log.warn(
                                "Nothing goes to Kafka now; it stays in the database and is tried again every second: {}",
                                told(e));
                    }
                    news.publishEvent(new KafkaNews.Fault("relay"));
                    relay.reset();
                    pauseAfterFault();
                }
            }
            relay.leave();
        } catch (InterruptedException _) {
            relay.reset();
        } catch (DataAccessException e) {
            log.debug("The lease was not given back: {}", e.toString());
        }
    }

    private void await(Duration wait) throws InterruptedException {
        if (!wait.isZero()) {
            signal.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        signal.drainPermits();
    }

    /** What is on its way is waited for. */
    @Override
    void endWait() {
        wake();
    }
}
