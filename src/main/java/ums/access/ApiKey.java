package ums.access;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key without its secret, which is shown once and stored as a hash.
 *
 * @param id its id, for admins
 * @param client the client that owns the messages sent with it
 * @param name its name, for people
 * @param mode live, or test: messages of a test key never leave the machine
 * @param from the senders it may send as, each as its channel normalises it: an address without a display name, a number
 *     or a profile; empty for any
 * @param scopes what it may do
 * @param createdAt when it was created
 * @param expiresAt when it expires, or null for never
 * @param lastUsedAt the minute of its last use, or null; admins see a use some minutes later
 */
public record ApiKey(
        UUID id,
        String client,
        String name,
        Mode mode,
        Set<String> from,
        Set<Scope> scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {

    /** Whether the key may do what needs a scope. */
    public boolean has(Scope scope) {
        return scopes.contains(scope);
    }

    /** The mode of a key. */
    public enum Mode {
        LIVE,
        TEST
    }
}
