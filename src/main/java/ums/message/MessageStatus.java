package ums.message;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The status of a message, with the table of transitions; the SQL changes a status only along it. */
public enum MessageStatus {
    /** Waits in the queue for its first attempt, or for the first after an admin's retry. */
    ACCEPTED,
    /** Claimed: an attempt is in progress. Read from the queue; the message's row keeps the status from before the claim. */
    PROCESSING,
    /** The provider took responsibility; it does not mean delivered. */
    SENT,
    /** Waits in the queue for its next attempt. */
    RETRY,
    /** Refused for good. */
    FAILED,
    /** Attempts used up, or the outcome is unknown: an operator decides. */
    MANUAL_REVIEW,
    /** Canceled by its owner or an admin before it was claimed. */
    CANCELED,
    /** Its {@code expiresAt} passed before it could be sent. */
    EXPIRED;

    private static final MessageStatus[] ALL = values();

    /** The statuses that may follow this one. */
    public Set<MessageStatus> next() {
        return switch (this) {
            // SENT: a late success of an attempt whose claim was lost.
            case ACCEPTED, RETRY -> EnumSet.of(PROCESSING, SENT, CANCELED, EXPIRED);
            case PROCESSING -> EnumSet.of(SENT, RETRY, FAILED, MANUAL_REVIEW, EXPIRED);
            case MANUAL_REVIEW -> EnumSet.of(ACCEPTED, SENT, FAILED);
            case FAILED, SENT -> EnumSet.of(ACCEPTED);
            case CANCELED, EXPIRED -> EnumSet.noneOf(MessageStatus.class);
        };
    }

    /** The statuses that this one may follow; an UPDATE has them in its WHERE. */
    public Set<MessageStatus> previous() {
        Set<MessageStatus> previous = EnumSet.noneOf(MessageStatus.class);
        Arrays.stream(ALL).filter(it -> it.next().contains(this)).forEach(previous::add);
        return previous;
    }

    /** Whether the message has no open queue entry any more. */
    public boolean ended() {
        return switch (this) {
            case ACCEPTED, PROCESSING, RETRY -> false;
            case SENT, FAILED, MANUAL_REVIEW, CANCELED, EXPIRED -> true;
        };
    }
}
