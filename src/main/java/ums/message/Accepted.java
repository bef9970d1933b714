package ums.message;

import java.time.Instant;
import java.util.UUID;

/**
 * The answer to a request to send, true once the transaction is committed.
 *
 * @param id the message
 * @param createdAt when it was accepted first
 * @param replayed true where an earlier request with the same key made the message, and this one nothing
 */
public record Accepted(UUID id, Instant createdAt, boolean replayed) implements Acceptance {}
