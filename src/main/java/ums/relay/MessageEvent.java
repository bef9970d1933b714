package ums.relay;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of a message's status, as it is relayed.
 *
 * @param id its number; rises with the changes of one message
 * @param eventId unique for each event
 * @param messageId the message
 * @param status the message's new status
 * @param at when the status changed
 * @param attempt how many attempts had begun by then, over the message's whole life
 * @param errorType why it failed, or null
 * @param client the client that owns the message, or null where the message was removed since
 * @param channel its channel, or null where the message was removed since
 * @param reference the client's own reference for it, or null
 * @param replay true where the event was relayed before and is relayed again on request
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
