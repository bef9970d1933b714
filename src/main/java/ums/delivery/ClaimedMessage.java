package ums.delivery;

import java.util.function.BooleanSupplier;
import ums.logging.MessageLog.Subject;
import ums.message.LoadedMessage;
import ums.queue.Claim;

/**
 * A claim and what its attempt needs.
 *
 * @param claim the claim
 * @param message its message
 * @param lease whether this process may still begin to send it, or write its final dot
 */
record ClaimedMessage(Claim claim, LoadedMessage message, BooleanSupplier lease) {

    /** The subject of log lines about it. */
    Subject subject() {
        return message.subject(claim);
    }
}
