package ums.retention;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/** Removes old rows of all tables. Called periodically in every process except for those with role {@code api}. */
@Service
public class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final List<Removal> removals;
    private final Clock clock;

    Retention(List<Removal> removals, Clock clock) {
        this.removals = removals;
        this.clock = clock;
    }

    /** Goes on with the next table if one fails. */
    public void run() {
        Instant now = clock.instant();
        for (Removal each : removals) {
            try {
                each.removeOld(now);
            } catch (DataAccessException | TransactionException e) {
                log.debug("{} has not removed all old rows, the next run will: {}", each.getClass(), e.toString());
            }
        }
    }
}
