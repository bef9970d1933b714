package ums.channel;

/**
 * One recipient of a message.
 *
 * @param address the bare address (RFC 5321 Mailbox), without a display name
 * @param kind the header field that names it
 */
public record Recipient(String address, Kind kind) {

    /** The header field that names a recipient; BCC: none. */
    public enum Kind {
        TO,
        CC,
        BCC
    }
}
