package ums.delivery;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import ums.queue.Orphans;

/** Rescues the claims of dead and stuck owners, every two seconds. */
class Rescuer {

    private static final Logger log = LoggerFactory.getLogger(Rescuer.class);

    private final OrphanDetector detector;
    private final StaleClaims staleClaims;
    private final Processes processes;
    private final Heartbeat heartbeat;
    private final Runnable onRescued;

    Rescuer(
            OrphanDetector detector,
            StaleClaims staleClaims,
            Processes processes,
            Heartbeat heartbeat,
            Runnable onRescued) {
        this.detector = detector;
        this.staleClaims = staleClaims;
        this.processes = processes;
        this.heartbeat = heartbeat;
        this.onRescued = onRescued;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void rescue() {
        try {
            detector.scan();
            // After an outage of the database, the owners get a full timeout to settle their claims.
            if (heartbeat.mayReap()) {
                rescue(detector.orphans());
            }
        } catch (DataAccessException | TransactionException e) {
            // The dispatcher logs an outage, once.
            log.debug("Stale claims were not rescued: {}", e.toString());
        }
    }

    private void rescue(Orphans orphans) {
        if (staleClaims.rescue(orphans) > 0) {
            onRescued.run();
        }
        // Claims of theirs that are found later have owners without a row, and are orphans too.
        processes.remove(orphans.dead());
    }
}
