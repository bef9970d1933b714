package ums.queue;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The queue: append, claim, and settle what was claimed. */
public interface Queue {

    /** PostgreSQL's channel on which processes tell each other that there is something to claim; a hint, and no more. */
    String ANNOUNCEMENTS = "ums_outbox";

    /**
     * Orders messages to be sent, in one round trip. Joins the caller's transaction, and must have one: the orders and what
     * they are about are committed together or not at all.
     */
    void append(List<NewEntry> orders);

    /**
     * Takes a message out of the queue before anybody claimed it: its order is published. Joins the caller's transaction,
     * and must have one.
     *
     * @return empty where it is claimed, or the queue has nothing to do for it; nothing was changed then
     */
    Optional<Withdrawn> withdraw(UUID aggregateId);

    /**
     * Takes orders out of the queue that have expired and are not claimed. Joins the caller's transaction, and must have
     * one.
     *
     * @param max how many at most in this call
     * @return those orders
     */
    List<Withdrawn> expire(Instant now, int max);

    /**
     * Claims up to {@code max} ready orders that have not expired, by priority and then the oldest first, but for the
     * {@link FairShare} of the oldest; passes over those that others are claiming at the same moment. A statement or two,
     * each committed by itself: where the second fails, what the first claimed is found by its token.
     *
     * @param token made by the caller, never used before
     */
    List<Claim> claim(UUID token, Claimant by, int max);

    /**
     * Makes delayed orders whose time has come ready.
     *
     * @param max how many at most in this call
     * @return when the next one becomes due: {@code now} where {@code max} left some behind, null where none waits
     */
    @Nullable Instant releaseDue(Instant now, int max);

    /**
     * Ends claims, in one statement. Joins the caller's transaction where there is one.
     *
     * @return the claims that were ended; the others were lost to other owners, and of them nothing was changed
     */
    Set<Claim> settle(List<ClaimResult> endings);

    /**
     * Notes, durably, that from now on the provider may have the message of a claim: committed when it returns, together
     * with what others note at that moment.
     *
     * @return false where the claim was lost to another owner: then the provider must not get it
     */
    boolean doubt(Claim claim);

    /** The claims that were made with a token and are not settled; asked when the answer to a claim was lost. */
    List<Claim> claimed(UUID token);

    /** Those of the claims that were settled by their owner; asked when the answer to that was lost. */
    Set<Claim> settled(Collection<Claim> claims);

    /**
     * Claims that are not young any more, or bear a time that is still to come, the oldest of both first. Whoever looks
     * again and again learns by their tokens how long they have stood.
     *
     * @param max how many of each at most
     */
    List<StandingClaim> standing(int max);

    /**
     * Takes over claims whose owners will not settle them. The caller's transaction settles them on behalf of their owners,
     * who from now on have no say.
     *
     * @param token made by the caller, never used before
     * @param max how many at most in this call
     */
    List<Abandoned> takeOver(UUID token, Orphans orphans, int max);

    /**
     * A claim whose owner would not have settled it.
     *
     * @param claim the claim, under its new token
     * @param inDoubt true where the provider may have the message
     */
    record Abandoned(Claim claim, boolean inDoubt) {}

    /**
     * Removes published orders, the oldest first, in one short step.
     *
     * @param publishedBefore only those published before
     * @param afterId only those with a higher number, to go on where the last step ended
     * @param max how many to look at
     * @return the number to go on from, or null where there is nothing left to look at
     */
    @Nullable Long removePublished(Instant publishedBefore, long afterId, int max);
}
