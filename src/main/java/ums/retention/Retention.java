package ums.retention;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/** Removes what was done long ago. Called from time to time by every process but those that only answer HTTP. */
@Service
public class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final List<Removal> removals;
    private final Clock clock;

    Retention(List<Removal> removals, Clock clock) {
        this.removals = removals;
        this.clock = clock;
    }

    /** Each table by itself: where one cannot be looked at, the others are. */
    public void run() {
        Instant now = clock.instant();
        for (Removal each : removals) {
            try {
                each.removeOld(now);
            } catch (DataAccessException | TransactionException e) {
                log.debug("{} has not removed all that is old, next time will do: {}", each.getClass(), e.toString());
            }
        }
    }
}
