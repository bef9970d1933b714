package ums.message;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Where a message stands. The table of transitions here is the only one; the SQL moves a message only along it. */
public enum MessageStatus {
    /** Waits in the queue for its first attempt, or for the first after an admin's retry. */
    ACCEPTED,
    /** Claimed: an attempt is under way. The queue knows it; the ledger's own row says from where it came. */
    PROCESSING,
    /** The provider took responsibility; it does not mean delivered. */
    SENT,
    /** Waits in the queue for its next attempt. */
    RETRY,
    /** Refused for good. */
    FAILED,
    /** Attempts used up, or nobody can know the outcome: a person decides. */
    MANUAL_REVIEW,
    /** Called off by its owner before it was claimed. */
    CANCELED,
    /** Its {@code expiresAt} passed before it could be sent. */
    EXPIRED;

    private static final MessageStatus[] ALL = values();

    /** Where a message may go from here. */
    public Set<MessageStatus> next() {
        return switch (this) {
            // SENT: by an attempt that was given up and had succeeded after all.
            case ACCEPTED, RETRY -> EnumSet.of(PROCESSING, SENT, CANCELED, EXPIRED);
            case PROCESSING -> EnumSet.of(SENT, RETRY, FAILED, MANUAL_REVIEW, EXPIRED);
            case MANUAL_REVIEW -> EnumSet.of(ACCEPTED, SENT, FAILED);
            case FAILED, SENT -> EnumSet.of(ACCEPTED);
            case CANCELED, EXPIRED -> EnumSet.noneOf(MessageStatus.class);
        };
    }

    /** From where a message may come here: what a guarded UPDATE says in its WHERE. */
    public Set<MessageStatus> previous() {
        Set<MessageStatus> previous = EnumSet.noneOf(MessageStatus.class);
        Arrays.stream(ALL).filter(it -> it.next().contains(this)).forEach(previous::add);
        return previous;
    }

    /** True where the queue has nothing more to do for the message. */
    public boolean ended() {
        return switch (this) {
            case ACCEPTED, PROCESSING, RETRY -> false;
            case SENT, FAILED, MANUAL_REVIEW, CANCELED, EXPIRED -> true;
        };
    }
}
