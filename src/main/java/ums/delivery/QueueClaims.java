package ums.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ums.queue.Claim;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Queue;

/** Claims what is ready in the queue. */
final class QueueClaims implements ClaimSource {

    private final Queue outbox;
    private final DelayedEntries delayed;

    /** @param due makes ready what was delayed */
    QueueClaims(Queue outbox, DueEntries due, Duration pollInterval) {
        this.outbox = outbox;
        this.delayed = new DelayedEntries(due, pollInterval);
    }

    @Override
    public boolean begin(Instant now) {
        delayed.release(now);
        return true;
    }

    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        return outbox.claim(token, by, max);
    }

    @Override
    public boolean more(int claimed, int max) {
        return claimed == max;
    }

    @Override
    public Duration wait(Instant now) {
        return delayed.wait(now);
    }

    @Override
    public boolean expect(Instant due) {
        return delayed.expect(due);
    }

    /** Whoever appends to the queue, and other processes, wake the dispatcher themselves. */
    @Override
    public void onNews(Runnable wake) {}
}
