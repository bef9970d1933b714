package ums.channel;

/**
 * One address that a message goes to.
 *
 * @param address the bare address (RFC 5321 Mailbox), without a display name
 * @param kind how the message names it
 */
public record Recipient(String address, Kind kind) {

    /** How a message names a recipient. */
    public enum Kind {
        TO,
        CC,
        BCC
    }
}
