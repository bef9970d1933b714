package ums.queue;

import java.util.UUID;

/**
 * A claim that is not settled.
 *
 * @param outboxId the order
 * @param token what it was made with
 */
public record StandingClaim(long outboxId, UUID token) {}
