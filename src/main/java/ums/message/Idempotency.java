package ums.message;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What makes a repeated request the same request.
 *
 * @param key the caller's key, unique for his client and mode
 * @param requestHash what he asked for, so that the same key with something else is noticed; any digest of at least 16
 *     bytes that is equal where the requests are
 */
public record Idempotency(String key, byte[] requestHash) {

    /** No caller's key holds a control character. */
    private static final char OUT_OF_REACH = '\u001f';

    /**
     * The key of a message that a business in this process sends about something of its own. No client can send it, so that
     * none can take it away or learn by it.
     *
     * @param business whose, such as {@code loan}
     * @param about what its one message is about
     */
    public static Idempotency of(String business, UUID about) {
        byte[] hash = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(about.getMostSignificantBits())
                .putLong(about.getLeastSignificantBits())
                .array();
        return new Idempotency(OUT_OF_REACH + business + ":" + about, hash);
    }
}
