package ums.relay;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import ums.clock.ClockSkew;

/** Removes events that were told long ago, in steps that hold no lock for long. */
class EventRetention {

    private static final Logger log = LoggerFactory.getLogger(EventRetention.class);
    private static final int STEP = 1_000;

    private final EventRepository events;
    private final Duration kept;
    private final Clock clock;
    private final ClockSkew skew;

    EventRetention(EventRepository events, Duration kept, Clock clock, ClockSkew skew) {
        this.events = events;
        this.kept = kept;
        this.clock = clock;
        this.skew = skew;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void removeWhatIsOld() {
        if (!skew.agrees()) {
            return;
        }
        try {
            int removed = STEP;
            while (removed == STEP) {
                removed = events.removeTold(clock.instant().minus(kept), STEP);
            }
        } catch (DataAccessException e) {
            log.debug("Events not looked at: {}", e.toString());
        }
    }
}
