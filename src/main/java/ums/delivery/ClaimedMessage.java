package ums.delivery;

import java.util.function.BooleanSupplier;
import ums.logging.MessageLog.Subject;
import ums.message.Attempt;
import ums.queue.Claim;

/**
 * A claim and what its attempt needs.
 *
 * @param claim the claim
 * @param attempt its message
 * @param lease whether this process may still begin to send it, or write its final dot
 */
record ClaimedMessage(Claim claim, Attempt attempt, BooleanSupplier lease) {

    /** The subject of log lines about it. */
    Subject subject() {
        return attempt.subject(claim);
    }
}
