package ums.relay;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message's change of status, as it is told.
 *
 * @param id its number: for one message, the order of its changes
 * @param eventId what no other event has
 * @param messageId the message
 * @param status where it stands now
 * @param at since when
 * @param attempt how many attempts have been begun by then, over the message's whole life
 * @param errorType why it failed, or null
 * @param client whose message it is, or null where the message was removed meanwhile
 * @param channel what it goes by, or null likewise
 * @param reference the client's own name for it, or null
 * @param replay true where it was told before and is asked for once more
 */
record MessageEvent(
        long id,
        UUID eventId,
        UUID messageId,
        String status,
        Instant at,
        int attempt,
        @Nullable String errorType,
        @Nullable String client,
        @Nullable String channel,
        @Nullable String reference,
        boolean replay) {}
