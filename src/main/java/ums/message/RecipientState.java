package ums.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.channel.StorableText;

/**
 * What became of one recipient so far.
 *
 * @param address the bare address
 * @param kind how the message names it
 * @param status where it stands
 * @param code the provider's code in the last reply about it, or null
 * @param reply the text of that reply, or null
 * @param at when that was, or null
 */
public record RecipientState(
        String address,
        Recipient.Kind kind,
        Status status,
        @Nullable String code,
        @Nullable String reply,
        @Nullable Instant at) {

    public RecipientState {
        reply = StorableText.of(reply);
    }

    /** Where a recipient stands. */
    public enum Status {
        PENDING,
        SENT,
        REFUSED,
        UNKNOWN
    }

    /** Nothing has happened yet. */
    public static RecipientState pending(Recipient recipient) {
        return new RecipientState(recipient.address(), recipient.kind(), Status.PENDING, null, null, null);
    }

    /** The same recipient with another status. */
    public RecipientState with(Status changed) {
        return new RecipientState(address, kind, changed, code, reply, at);
    }

    /** The address itself, as a channel wants it. */
    public Recipient recipient() {
        return new Recipient(address, kind);
    }
}
