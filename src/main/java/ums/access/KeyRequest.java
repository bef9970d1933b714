package ums.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for a new API key.
 *
 * @param client the client that owns the messages sent with it
 * @param name its name, for people
 * @param from the senders it may send as, see {@link ApiKey#from}; empty for any
 * @param scopes what it may do
 * @param expiresAt when it expires, or null for never
 */
public record KeyRequest(
        String client,
        String name,
        ApiKey.Mode mode,
        Set<String> from,
        Set<Scope> scopes,
        @Nullable Instant expiresAt) {

    /** A live key for any sender and all scopes that never expires. */
    public static KeyRequest unrestricted(String client, String name) {
        return new KeyRequest(client, name, ApiKey.Mode.LIVE, Set.of(), Scope.ALL, null);
    }
}
