package ums.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The posted messages.
 *
 * @param accepted messages answered with 202 or 200
 * @param large the large ones among them
 * @param poisoned further messages, whose rows were made unreadable
 */
record Posted(Set<UUID> accepted, Map<UUID, Mail> large, Set<UUID> poisoned) {

    /** The messages of a load. */
    static Posted by(Load load) {
        return new Posted(load.accepted().keySet(), load.large(), Set.of());
    }

    /** The same with messages whose rows were made unreadable. */
    Posted with(Set<UUID> unreadable) {
        return new Posted(accepted, large, Set.copyOf(unreadable));
    }

    /** The messages of both. */
    Posted and(Posted other) {
        Set<UUID> all = new HashSet<>(accepted);
        all.addAll(other.accepted);
        Map<UUID, Mail> allLarge = new HashMap<>(large);
        allLarge.putAll(other.large);
        return new Posted(all, allLarge, poisoned);
    }

    /** The minimum length of a message's mail, in octets. */
    long least(UUID message) {
        Mail mail = large.get(message);
        return mail == null ? 0 : mail.least();
    }
}
