package ums.message;

import java.util.Set;

/**
 * On whose behalf a message is accepted.
 *
 * @param client who owns it and alone sees it
 * @param test true where it must not leave the machine
 * @param allowedFrom the bare addresses it may be sent as; empty for any
 */
public record Sender(String client, boolean test, Set<String> allowedFrom) {

    /** Who owns what is accepted. */
    public Owner owner() {
        return new Owner(client, test);
    }
}
