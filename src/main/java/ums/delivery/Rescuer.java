package ums.delivery;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import ums.queue.Orphans;

/** Takes back claims whose owners will not settle them, every two seconds in every process but those that only answer HTTP. */
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

    /** By hand in tests. */
    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void rescue() {
        try {
            detector.scan();
            // Else what a long outage of the database left unsettled would be taken from owners about to settle it.
            if (heartbeat.mayReap()) {
                rescue(detector.orphans());
            }
        } catch (DataAccessException | TransactionException e) {
            // An outage is told once by the dispatcher.
            log.debug("Stale claims not looked at: {}", e.toString());
        }
    }

    private void rescue(Orphans orphans) {
        if (staleClaims.rescue(orphans) > 0) {
            onRescued.run();
        }
        // Its claims are taken back. One that is found later has an owner without a row, who is dead as well.
        processes.remove(orphans.dead());
    }
}
