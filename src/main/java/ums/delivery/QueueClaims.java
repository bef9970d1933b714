package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ums.queue.Claim;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Queue;

/** Claims ready entries from the queue. */
final class QueueClaims implements ClaimSource {

    private final Queue queue;
    private final DelayedEntries delayed;

    /** @param due makes delayed entries ready */
    QueueClaims(Queue queue, DueEntries due, Duration pollInterval) {
        this.queue = queue;
        this.delayed = new DelayedEntries(due, pollInterval);
    }

    @Override
    public boolean prepare(Instant now) {
        delayed.release(now);
        return true;
    }

    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        return queue.claim(token, by, max);
    }

    @Override
    public boolean hasMore(int claimed, int max) {
        return claimed == max;
    }

    @Override
    public Duration untilNextPoll(Instant now) {
        return delayed.untilNext(now);
    }

    @Override
    public boolean expect(Instant due) {
        return delayed.expect(due);
    }

    /** Nothing to do: {@link DispatchLoop} and {@link QueueListener} wake the dispatcher when entries are appended. */
    @Override
    public void onAvailable(Runnable wake) {}
}
