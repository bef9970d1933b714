package ums.dispatch;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import ums.message.Expiry;
import ums.retention.Retention;

/** What is done from time to time in every process but those that only answer HTTP. */
class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final StaleClaims staleClaims;
    private final Retention retention;
    private final Expiry expiry;
    private final Runnable onTakenBack;
    private final Heartbeat heartbeat;
    private final DispatchProperties properties;

    Housekeeping(
            StaleClaims staleClaims,
            Retention retention,
            Expiry expiry,
            Runnable onTakenBack,
            Heartbeat heartbeat,
            DispatchProperties properties) {
        this.staleClaims = staleClaims;
        this.retention = retention;
        this.expiry = expiry;
        this.onTakenBack = onTakenBack;
        this.heartbeat = heartbeat;
        this.properties = properties;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void takeBackStaleClaims() {
        whileReachable("Stale claims", () -> {
            // Else what a long outage of the database left unsettled would be taken from owners about to settle it.
            if (heartbeat.mayJudge()
                    && staleClaims.takeBack(properties.staleAfter(), properties.heartbeatTimeout()) > 0) {
                onTakenBack.run();
            }
        });
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void endWhatHasExpired() {
        whileReachable("Expiry", expiry::run);
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void removeWhatIsOld() {
        whileReachable("Retention", retention::run);
    }

    /** An outage is told once by the dispatcher; here only what comes next matters. */
    private void whileReachable(String what, Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException e) {
            log.debug("{} not looked at: {}", what, e.toString());
        }
    }
}
