package ums.queue;

import java.util.List;

/**
 * Selects claims whose owner will not settle them. It compares heartbeats and tokens for equality and never for age, because
 * the database's clock may be set.
 *
 * @param all selects every claim
 * @param dead selects the claims of processes whose last heartbeat is still one of these, and of processes without a row
 * @param stale selects these claims, whatever their owners
 */
public record Orphans(boolean all, List<ProcessBeat> dead, List<StandingClaim> stale) {

    /** Every claim. */
    public static final Orphans ALL = new Orphans(true, List.of(), List.of());

    /** The claims of processes without a row and of these processes, and these claims. */
    public Orphans(List<ProcessBeat> dead, List<StandingClaim> stale) {
        this(false, dead, stale);
    }
}
