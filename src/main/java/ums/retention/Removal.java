package ums.retention;

import java.time.Instant;

/** Removes what one table's owner does not need any more, in steps of a few milliseconds that hold no lock for longer. */
public interface Removal {

    /** Several processes may do it at once; they only share the work. */
    void removeOld(Instant now);
}
