package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ums.queue.Claim;
import ums.queue.Claimant;

/** The source of a dispatcher's claims: the queue itself, or records that name its entries. Called by one thread only. */
public interface ClaimSource {

    /** Prepares a poll; false where there is nothing to claim. */
    boolean prepare(Instant now);

    /**
     * Claims up to {@code max} entries, committed when it returns.
     *
     * @param token made by the caller, never used before
     */
    List<Claim> claim(UUID token, Claimant by, int max);

    /** Whether there may be more to claim at once, after a claim of {@code max} got {@code claimed}. */
    boolean hasMore(int claimed, int max);

    /** How long to wait for a signal before the next poll. */
    Duration untilNextPoll(Instant now);

    /** An entry is due at that time; true where the next poll would be later. */
    boolean expect(Instant due);

    /** @param wake called when there is something to claim */
    void onAvailable(Runnable wake);
}
