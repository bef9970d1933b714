package ums.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a claim ends.
 *
 * @param claim the claim; nothing is written where it was lost to another owner
 * @param until when the order is due again, or null where the queue is done with it
 * @param counts false where the attempt is not to be counted
 */
public record ClaimResult(Claim claim, @Nullable Instant until, boolean counts) {

    /** The queue is done with the order, however it ended. */
    public static ClaimResult published(Claim claim) {
        return new ClaimResult(claim, null, true);
    }

    /** Another attempt follows. */
    public static ClaimResult delayed(Claim claim, Instant until) {
        return new ClaimResult(claim, until, true);
    }

    /** Another attempt follows, as if this one had not been. */
    public static ClaimResult released(Claim claim, Instant until) {
        return new ClaimResult(claim, until, false);
    }
}
