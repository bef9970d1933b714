package ums.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a claim ends.
 *
 * @param claim the claim; nothing is written if it was lost to another owner
 * @param until when the entry is due again; null if it is DONE
 * @param counts whether the attempt is counted
 */
public record ClaimResult(Claim claim, @Nullable Instant until, boolean counts) {

    /** The entry is DONE, whatever the outcome. */
    public static ClaimResult published(Claim claim) {
        return new ClaimResult(claim, null, true);
    }

    /** Another attempt follows, and this one is counted. */
    public static ClaimResult delayed(Claim claim, Instant until) {
        return new ClaimResult(claim, until, true);
    }

    /** Another attempt follows, and this one is not counted. */
    public static ClaimResult released(Claim claim, Instant until) {
        return new ClaimResult(claim, until, false);
    }
}
