package ums.access;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key; the key itself is shown once and stored as a hash.
 *
 * @param id its number for admins
 * @param client who owns what is sent with it
 * @param name what people call it
 * @param mode live, or test: then nothing leaves the machine
 * @param from the addresses it may send as, bare and in the one spelling the channel compares; empty for any
 * @param createdAt when it was made
 * @param expiresAt when it stops working, or null for never
 * @param lastUsedAt in which minute it was last used, or null where it never was; known to admins some minutes later
 */
public record ApiKey(
        UUID id,
        String client,
        String name,
        Mode mode,
        Set<String> from,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {

    /** What a key is for. */
    public enum Mode {
        LIVE,
        TEST
    }
}
