package ums.message;

import java.time.Instant;
import java.util.UUID;

/** Message ids are UUIDv7: they begin with the millisecond in which the message was accepted. */
public final class MessageIds {

    private MessageIds() {}

    /** The lowest id of a millisecond (RFC 9562 section 5.7). */
    public static UUID first(Instant at) {
        return new UUID(Math.max(0, at.toEpochMilli()) << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }
}
