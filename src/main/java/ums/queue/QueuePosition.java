package ums.queue;

/**
 * Where an order that may be claimed stands in the queue, on a topic too.
 *
 * @param ahead how many are claimed before it, {@link #MOST_COUNTED} at most; on a topic, those relayed at the same moment
 *     are all counted
 * @param attended whether any process that sends was heard of within the last minute
 */
public record QueuePosition(int ahead, boolean attended) {

    /** Beyond that it is only said that there are more. */
    public static final int MOST_COUNTED = 10_000;
}
