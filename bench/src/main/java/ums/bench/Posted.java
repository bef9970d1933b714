package ums.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What UMS was asked for.
 *
 * @param accepted answered 202 or 200
 * @param large those of them that are large
 * @param poisoned messages beside them whose row was made unreadable
 */
record Posted(Set<UUID> accepted, Map<UUID, Mail> large, Set<UUID> poisoned) {

    /** All that a load posted. */
    static Posted by(Load load) {
        return new Posted(load.accepted().keySet(), load.large(), Set.of());
    }

    /** The same with messages whose row was made unreadable. */
    Posted with(Set<UUID> unreadable) {
        return new Posted(accepted, large, Set.copyOf(unreadable));
    }

    /** Both. */
    Posted and(Posted other) {
        Set<UUID> all = new HashSet<>(accepted);
        all.addAll(other.accepted);
        Map<UUID, Mail> allLarge = new HashMap<>(large);
        allLarge.putAll(other.large);
        return new Posted(all, allLarge, poisoned);
    }

    /** How many octets an SMTP server must have read of a message at least. */
    long least(UUID message) {
        Mail mail = large.get(message);
        return mail == null ? 0 : mail.least();
    }
}
