package ums.message;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.queue.Claim;
import ums.queue.Claimant;

/**
 * Direct dispatch: a process that keeps up with its queue claims an entry in the statement that inserts it. Implemented by
 * the dispatcher; there is no bean in a process without one.
 */
public interface DirectClaims {

    /**
     * Takes permits for entries that are about to be inserted. Called by the ledger, which ends the reservation by exactly one
     * of {@code begin}, {@code cancel} and {@code unanswered}.
     *
     * @param wanted how many entries may be sent at once, more than zero
     * @return null if they have to wait in the queue: others are before them, or this process may not send now
     */
    @Nullable Reservation reserve(int wanted);

    /** Permits, and the claim that the inserted entries get. */
    interface Reservation {

        /** For how many entries at most. */
        int size();

        /** The claim token. */
        UUID token();

        /** The claiming process. */
        Claimant claimant();

        /** The entries are committed, and these are claimed: sends them. */
        void begin(List<Claimed> claimed);

        /** Certainly nothing was written: returns the permits. */
        void cancel();

        /** It is unknown whether anything was written: the queue is asked by the token later. */
        void unanswered();
    }

    /**
     * An entry that was claimed on insert.
     *
     * @param claim the claim
     * @param message its message, loaded for the first attempt
     */
    record Claimed(Claim claim, LoadedMessage message) {}
}
