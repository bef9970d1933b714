package ums.outbox;

/**
 * Where a ready order stands in the queue.
 *
 * @param ahead how many ready orders are claimed before it, {@link #MOST_COUNTED} at most
 * @param attended whether any process that sends was heard of within the last minute
 */
public record Place(int ahead, boolean attended) {

    /** Beyond that it is only said that there are more. */
    public static final int MOST_COUNTED = 10_000;
}
