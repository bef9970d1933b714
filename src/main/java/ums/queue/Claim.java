package ums.queue;

import java.time.Instant;
import java.util.UUID;

/**
 * The right to make one attempt, until it is settled or taken back. What follows is written only under its token, so that
 * an owner who was given up for dead cannot overwrite what his successor did.
 *
 * @param outboxId the order
 * @param aggregateId the message
 * @param channel the channel it goes by
 * @param token the fence, made by the process that claimed; one for all the rows of a claim
 * @param attempt which attempt on this order this is, from 1
 * @param at since when, by the database's clock
 */
public record Claim(long outboxId, UUID aggregateId, String channel, UUID token, int attempt, Instant at) {}
