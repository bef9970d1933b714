package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ums.queue.Claim;
import ums.queue.Claimant;

/** Where a dispatcher's claims come from: the queue itself, or records that name its orders. Asked by its one thread only. */
public interface ClaimSource {

    /** Prepares a turn; false where there is nothing to claim. */
    boolean begin(Instant now);

    /**
     * Claims up to {@code max} orders, committed when it returns.
     *
     * @param token made by the caller, never used before
     */
    List<Claim> claim(UUID token, Claimant by, int max);

    /** Whether there may be more to claim at once, after a claim of {@code max} got that many. */
    boolean more(int claimed, int max);

    /** How long until the next turn where nobody wakes the dispatcher before. */
    Duration wait(Instant now);

    /** Tells of an order that will be due then; true where the next turn would come too late for it. */
    boolean expect(Instant due);

    /** @param wake to be called when there is something to claim */
    void onNews(Runnable wake);
}
