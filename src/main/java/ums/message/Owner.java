package ums.message;

/**
 * Whose a message is. The live and the test messages of one client are worlds of their own: neither is seen, changed or
 * repeated from the other.
 *
 * @param client the client
 * @param test true for what its test keys send
 */
public record Owner(String client, boolean test) {}
