package ums.queue;

/**
 * The position of a READY or RELAYED entry in the queue.
 *
 * @param ahead how many entries are claimed before it, {@link #MOST_COUNTED} at most; for a RELAYED entry, all that were
 *     relayed at the same moment are counted
 * @param attended whether a process that sends has had a heartbeat within the last minute
 */
public record QueuePosition(int ahead, boolean attended) {

    /** Counting stops there; beyond it, callers are only told that there are more. */
    public static final int MOST_COUNTED = 10_000;
}
