package ums.message;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which messages to list, newest first.
 *
 * @param client only this client's, or null for all
 * @param status only those, or null
 * @param reference only those with exactly this reference, or null
 * @param channel only those, or null
 * @param before only those accepted before this one, or null for the newest
 * @param limit how many at most, at least 1
 */
public record MessageFilter(
        @Nullable String client,
        @Nullable MessageStatus status,
        @Nullable String reference,
        @Nullable String channel,
        @Nullable UUID before,
        int limit) {}
