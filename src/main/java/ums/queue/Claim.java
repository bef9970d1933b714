package ums.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive right to make one attempt to send an entry, until the claim is settled or rescued. Every later write names the
 * token, so that a process that was declared dead cannot overwrite the results of its successor.
 *
 * @param outboxId the queue entry
 * @param aggregateId the message
 * @param channel the message's channel
 * @param token the fence, made by the claiming process; entries that are claimed together share it
 * @param attempt the number of this attempt on the entry, from 1
 * @param at when the claim was made, by the database's clock
 * @param provider the id of the provider that the attempt begins with, as it is written in the queue; null for none
 */
public record Claim(
        long outboxId,
        UUID aggregateId,
        String channel,
        UUID token,
        int attempt,
        Instant at,
        @Nullable String provider) {}
