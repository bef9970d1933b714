package ums.delivery;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import ums.queue.RelayedQueue;

/**
 * Makes entries ready again that processes with Kafka left on its topic, in a process without Kafka: all of them at the start,
 * as there may be no other process to claim them; later those that have been there for too long, as a process with Kafka may
 * still relay.
 */
class TopicReclaimer {

    private static final Logger log = LoggerFactory.getLogger(TopicReclaimer.class);
    private static final int STEP = 1_000;

    private final RelayedQueue queue;
    private final Duration staleAfter;
    private final Runnable onRescued;
    private Duration age = Duration.ZERO;

    TopicReclaimer(RelayedQueue queue, Duration staleAfter, Runnable onRescued) {
        this.queue = queue;
        this.staleAfter = staleAfter;
        this.onRescued = onRescued;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void rescue() {
        try {
            int total = 0;
            int step;
            do {
                step = queue.rescue(age, STEP);
                total += step;
            } while (step == STEP);
            age = staleAfter;
            if (total > 0) {
                log.info("Rescued {} entries from Kafka's topic", total);
                onRescued.run();
            }
        } catch (DataAccessException e) {
            log.debug("The topic's entries were not rescued: {}", e.toString());
        }
    }
}
