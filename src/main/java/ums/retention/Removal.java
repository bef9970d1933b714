package ums.retention;

import java.time.Instant;

/**
 * Removes old rows of a table, in steps of a few milliseconds, so that no lock is held for longer. Each table's owner has one.
 */
public interface Removal {

    /** Called by several processes at once, which then share the work. */
    void removeOld(Instant now);
}
