package ums.message;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * How a repeated request is recognised.
 *
 * @param key the idempotency key, unique for a client and mode
 * @param requestHash a digest of the request of at least 16 bytes, by which the same key with another request is refused;
 *     equal requests have equal digests
 */
public record Idempotency(String key, byte[] requestHash) {

    /** A control character, which no caller's key may contain. */
    private static final char OUT_OF_REACH = '\u001f';

    /**
     * The key of a message that another package of this process sends. No client can send such a key, and so neither occupy it
     * nor learn by it whether it exists.
     *
     * @param business the sending package, such as {@code loan}
     * @param about the id of the one event that the message reports
     */
    public static Idempotency of(String business, UUID about) {
        byte[] hash = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(about.getMostSignificantBits())
                .putLong(about.getLeastSignificantBits())
                .array();
        return new Idempotency(OUT_OF_REACH + business + ":" + about, hash);
    }
}
