package ums.queue;

import java.util.List;

/**
 * Which claims have no owner who will settle them. No clock of the database's is asked: it may be set.
 *
 * @param all every claim there is
 * @param dead heartbeats that were the last of their processes: a process whose row says so still is dead, and so is one
 *     without a row
 * @param stale claims that have stood for too long, whoever owns them
 */
public record Orphans(boolean all, List<ProcessBeat> dead, List<StandingClaim> stale) {

    /** Every claim there is. */
    public static final Orphans ALL = new Orphans(true, List.of(), List.of());

    /** Of processes without a row, of these processes, and these claims. */
    public Orphans(List<ProcessBeat> dead, List<StandingClaim> stale) {
        this(false, dead, stale);
    }
}
