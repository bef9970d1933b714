package ums.queue;

import java.util.UUID;

/**
 * A claim that is not settled.
 *
 * @param outboxId the queue entry
 * @param token the claim's token
 */
public record StandingClaim(long outboxId, UUID token) {}
