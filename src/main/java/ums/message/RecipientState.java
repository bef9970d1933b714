package ums.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.channel.StorableText;

/**
 * A recipient of a message and its delivery status.
 *
 * @param address the bare address
 * @param kind how the message names it
 * @param status its status
 * @param code the provider's code in the last attempt, or null
 * @param reply the provider's words in it or a description of the error, or null
 * @param at when that attempt ended, or null before the first
 * @param provider the id of the account it was at, or null
 */
public record RecipientState(
        String address,
        Recipient.Kind kind,
        Status status,
        @Nullable String code,
        @Nullable String reply,
        @Nullable Instant at,
        @Nullable String provider) {

    /** A recipient that no provider has answered about. */
    public RecipientState(
            String address,
            Recipient.Kind kind,
            Status status,
            @Nullable String code,
            @Nullable String reply,
            @Nullable Instant at) {
        this(address, kind, status, code, reply, at, null);
    }

    public RecipientState {
        reply = StorableText.of(reply);
    }

    /** The delivery status of a recipient. */
    public enum Status {
        PENDING,
        SENT,
        REFUSED,
        UNKNOWN
    }

    /** A recipient before the first attempt. */
    public static RecipientState pending(Recipient recipient) {
        return new RecipientState(recipient.address(), recipient.kind(), Status.PENDING, null, null, null);
    }

    /** The same recipient with another status. */
    public RecipientState with(Status changed) {
        return new RecipientState(address, kind, changed, code, reply, at, provider);
    }

    /** The recipient as a channel takes it. */
    public Recipient recipient() {
        return new Recipient(address, kind);
    }
}
