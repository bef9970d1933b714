package ums.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ums.outbox.Claim;
import ums.outbox.Claimant;
import ums.outbox.DueOrders;
import ums.outbox.OutboxService;

/** Claims what is ready in the queue. */
final class QueueClaims implements ClaimSource {

    private final OutboxService outbox;
    private final DelayedOrders delayed;

    /** @param due makes ready what was delayed */
    QueueClaims(OutboxService outbox, DueOrders due, Duration pollInterval) {
        this.outbox = outbox;
        this.delayed = new DelayedOrders(due, pollInterval);
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
