package ums.queue;

import org.springframework.stereotype.Component;

/**
 * Since when the oldest claim stands, so that who looks for claims need not walk over the remains of those that ended. It is
 * no more than a speed-up: claims are stamped before they are committed, so that now and then a look begins at the
 * beginning.
 */
@Component
final class OldestClaim {

    /** Before all claims, as the database writes it. */
    static final String BEGINNING = "-infinity";

    private volatile String since = BEGINNING;

    /** As the database writes it, so that nothing of it is rounded. */
    String since() {
        return since;
    }

    void found(String oldest) {
        since = oldest;
    }
}
