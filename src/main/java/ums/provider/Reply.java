package ums.provider;

/**
 * A provider's reply.
 *
 * @param code its three-digit code (RFC 5321 section 4.2)
 * @param text its text, the lines of a multi-line reply joined by a space, without control characters and at most 500
 *     characters long
 */
public record Reply(int code, String text) {

    /** The reply as a server writes it on one line. */
    @Override
    public String toString() {
        return code + " " + text;
    }
}
