package ums.message;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.queue.Claim;
import ums.queue.Claimant;

/**
 * Lets a process that keeps up with its queue send what it accepts without a claim of its own: the statement that makes an
 * order claims it. The dispatcher's, where this process has one.
 */
public interface DirectClaims {

    /**
     * Takes permits for orders that are about to be made. Called by the ledger before it writes; whoever called it calls one
     * of the reservation's methods afterwards.
     *
     * @param wanted how many orders could be sent at once, more than zero
     * @return null where they had better wait in the queue: others are before them, or this process may not send now
     */
    @Nullable Reservation reserve(int wanted);

    /** Permits to send, and what the orders are claimed with. */
    interface Reservation {

        /** How many orders it is for, at most. */
        int size();

        /** The fence of the claims. */
        UUID token();

        /** Who claims. */
        Claimant claimant();

        /** The orders are committed, and these of them are claimed: they are sent now. */
        void begin(List<Claimed> claimed);

        /** Nothing was written, for certain. */
        void cancel();

        /** Nobody knows whether anything was written: the queue will be asked, by the token. */
        void unanswered();
    }

    /**
     * An order that was claimed as it was made.
     *
     * @param claim the claim
     * @param attempt the first at its message
     */
    record Claimed(Claim claim, Attempt attempt) {}
}
