package ums.message;

/**
 * What makes a repeated request the same request.
 *
 * @param key the caller's key, unique for his client
 * @param requestHash what he asked for, so that the same key with something else is noticed; any digest of at least 16
 *     bytes that is equal where the requests are
 */
public record Idempotency(String key, byte[] requestHash) {}
