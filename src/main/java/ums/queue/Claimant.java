package ums.queue;

/**
 * A process that claims.
 *
 * @param process its id, as in {@code process.id} and {@code outbox.claimed_by}
 * @param reviews the default for entries without a setting of their own: true if an operator reviews an unknown outcome, false
 *     if the message is sent again
 */
public record Claimant(String process, boolean reviews) {}
