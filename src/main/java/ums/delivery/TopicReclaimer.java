package ums.delivery;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import ums.queue.RelayedQueue;

/**
 * Takes up, in a process without Kafka, what processes with it left on the topic: all of it at the start, as nobody else may
 * be left to claim it, and later what has been there for too long, as those that stop later still relay for a while.
 */
class TopicReclaimer {

    private static final Logger log = LoggerFactory.getLogger(TopicReclaimer.class);
    private static final int STEP = 1_000;

    private final RelayedQueue outbox;
    private final Duration staleAfter;
    private final Runnable onRescued;
    private Duration age = Duration.ZERO;

    TopicReclaimer(RelayedQueue outbox, Duration staleAfter, Runnable onRescued) {
        this.outbox = outbox;
        this.staleAfter = staleAfter;
        this.onRescued = onRescued;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void rescue() {
        try {
            int total = 0;
            int step;
            do {
                step = outbox.rescue(age, STEP);
                total += step;
            } while (step == STEP);
            age = staleAfter;
            if (total > 0) {
                log.info("Took back {} orders that were on Kafka's topic", total);
                onRescued.run();
            }
        } catch (DataAccessException e) {
            log.debug("The topic's orders were not looked at: {}", e.toString());
        }
    }
}
