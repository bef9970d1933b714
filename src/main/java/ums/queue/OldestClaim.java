package ums.queue;

import org.springframework.stereotype.Component;

/**
 * When the oldest unsettled claim was made. Scans for claims begin there, and skip the dead index entries of settled ones. It
 * only saves time: a claim's time is set before its commit, so it is found late at times, and a {@link FullScan} finds every
 * claim.
 */
@Component
final class OldestClaim {

    /** Before all claims, as the database writes it. */
    static final String BEGINNING = "-infinity";

    private volatile String since = BEGINNING;

    /** As the database writes it, so that it is not rounded. */
    String since() {
        return since;
    }

    void found(String oldest) {
        since = oldest;
    }
}
