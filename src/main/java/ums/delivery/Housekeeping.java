package ums.delivery;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import ums.clock.ClockSkew;
import ums.message.Expiry;
import ums.retention.Retention;

/**
 * Periodic work by this process's clock, on behalf of all processes. A process whose clock does not agree with the database's
 * leaves it to the others.
 */
class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final Retention retention;
    private final Expiry expiry;
    private final ClockSkew skew;

    Housekeeping(Retention retention, Expiry expiry, ClockSkew skew) {
        this.retention = retention;
        this.expiry = expiry;
        this.skew = skew;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void expireMessages() {
        run("Expiry", expiry::run);
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void removeOldRows() {
        run("Retention", retention::run);
    }

    /** An outage of the database is logged by the dispatcher, once. */
    private void run(String name, Runnable work) {
        if (!skew.agrees()) {
            return;
        }
        try {
            work.run();
        } catch (DataAccessException | TransactionException e) {
            log.debug("{} did not run: {}", name, e.toString());
        }
    }
}
