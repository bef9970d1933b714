package ums.delivery;

import java.util.function.BooleanSupplier;
import ums.logging.MessageLog.Subject;
import ums.message.Attempt;
import ums.queue.Claim;

/**
 * A claim, with what its attempt needs.
 *
 * @param claim the claim
 * @param attempt its message
 * @param lease whether this process may still begin to send it, or write its final dot
 */
record ClaimedMessage(Claim claim, Attempt attempt, BooleanSupplier lease) {

    /** What a line of the log about it is about. */
    Subject subject() {
        return new Subject(
                attempt.messageId(),
                claim.outboxId(),
                attempt.number(),
                attempt.client(),
                claim.channel(),
                attempt.traceparent());
    }
}
