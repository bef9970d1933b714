package ums.message;

import java.util.Set;

/**
 * The client that sends a message, and its rights.
 *
 * @param client the owner of the message
 * @param test true for a test key, whose messages never leave the machine
 * @param allowedFrom the bare sender addresses that the key is for; empty for any
 */
public record Sender(String client, boolean test, Set<String> allowedFrom) {

    /** The owner of the messages. */
    public Owner owner() {
        return new Owner(client, test);
    }
}
