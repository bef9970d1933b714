package ums.message;

import java.time.Instant;
import java.util.UUID;

/**
 * A request to send was accepted; valid once the transaction is committed.
 *
 * @param id the message
 * @param createdAt when the message was accepted
 * @param replayed true if the message was made by an earlier request with the same idempotency key
 */
public record Accepted(UUID id, Instant createdAt, boolean replayed) implements Acceptance {}
