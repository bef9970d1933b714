package ums.queue;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The queue: entries are appended, claimed and settled. It is the only way to its tables for other packages, apart from {@link
 * RelayedQueue} (the queue over Kafka), {@link RateLimiter} and {@link QueueCounts} (read only).
 */
public interface Queue {

    /** PostgreSQL's NOTIFY channel on which a process tells the others that there are entries to claim. Only a hint. */
    String ANNOUNCEMENTS = "ums_outbox";

    /**
     * Appends entries, in one round trip. The caller must have a transaction, so that an entry and its message are committed
     * together or not at all.
     */
    void append(List<NewEntry> entries);

    /**
     * Whether a message has an entry that is not DONE. Called before another one is appended, as a message has one open entry
     * at most.
     */
    boolean isOpen(UUID aggregateId);

    /**
     * The position of a message's entry. Counts entries one by one, so it is for showing a single message. Of an entry on a
     * topic it only knows when it was relayed.
     *
     * @return empty if the entry is neither READY nor RELAYED, or does not exist
     */
    Optional<QueuePosition> position(UUID aggregateId);

    /**
     * Makes a message's entry DONE unless it is claimed. The caller must have a transaction.
     *
     * @return empty if the entry is claimed or the message has no open one; nothing is changed then
     */
    Optional<Withdrawn> withdraw(UUID aggregateId);

    /**
     * Makes entries DONE that have expired and are not claimed. The caller must have a transaction.
     *
     * @param max how many at most in this call
     * @return these entries
     */
    List<Withdrawn> expire(Instant now, int max);

    /**
     * Claims up to {@code max} ready, unexpired entries by priority and then by age, except for the {@link FairShare} of the
     * oldest, channel by channel. Skips entries that other processes are claiming at the same moment. It makes one or two
     * statements a channel, each committed by itself; if one fails, {@link #claimed} finds what the others have claimed.
     *
     * @param token made by the caller and never used before
     * @param by which channels it claims, how many of each at most, and the provider that is written with each claim
     */
    List<Claim> claim(UUID token, Claimant by, int max);

    /**
     * Makes delayed entries ready that are due.
     *
     * @param max how many at most in this call
     * @return when the next entry becomes due: {@code now} if {@code max} left some, null if none is delayed
     */
    @Nullable Instant releaseDue(Instant now, int max);

    /**
     * Ends claims, in one statement. Joins the caller's transaction if there is one.
     *
     * @return the claims that were ended; the others were lost to other owners, and nothing of them is changed
     */
    Set<Claim> settle(List<ClaimResult> results);

    /**
     * Marks a claim as in doubt: from now on the provider may have its message. The mark is committed when this returns, in one
     * statement with the marks that other threads set at the same moment.
     *
     * @return false if the claim was lost to another owner; then the message must not be sent
     */
    boolean markInDoubt(Claim claim);

    /**
     * Writes that a claim's attempt goes on to another provider. Called before the provider could have the message.
     *
     * @return false if the claim was lost to another owner; then the message must not be sent
     */
    boolean assign(Claim claim, String provider);

    /** The claims with this token that are not settled. For a caller that lost the answer to its claim. */
    List<Claim> claimed(UUID token);

    /** The claims among these that were settled under their token. For a caller that lost the answer to its settlement. */
    Set<Claim> settled(Collection<Claim> claims);

    /**
     * Unsettled claims that are older than two seconds, or whose time is in the future, the oldest first. A caller that calls
     * this periodically sees by the tokens how long a claim has been unsettled.
     *
     * @param max how many of each kind at most
     */
    List<StandingClaim> standing(int max);

    /**
     * Takes over claims whose owners will not settle them, so that the old owners' writes are refused. The caller must have a
     * transaction, and settles them in it on behalf of their owners.
     *
     * @param token made by the caller and never used before
     * @param max how many at most in this call
     */
    List<Abandoned> takeOver(UUID token, Orphans orphans, int max);

    /**
     * A claim that was taken over.
     *
     * @param claim the claim, under its new token
     * @param inDoubt whether the provider may have the message
     */
    record Abandoned(Claim claim, boolean inDoubt) {}

    /**
     * Removes old entries that are DONE, the oldest first, in one short step.
     *
     * @param publishedBefore only entries that were DONE before this time are removed
     * @param afterId only entries with a higher id are scanned, to go on where the last step ended
     * @param max how many entries to scan
     * @return the id to go on from, or null if no more can be old enough
     */
    @Nullable Long removePublished(Instant publishedBefore, long afterId, int max);
}
