package ums.contact;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.retention.Removal;

/** Deletes contacts that no rule needs any more. */
@Component
class ContactRetention implements Removal {

    private static final int STEP = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final ContactRepository contacts;

    ContactRetention(ContactRepository contacts) {
        this.contacts = contacts;
    }

    /** Scans the table from the contacts about the oldest messages up to the youngest that can be old enough. */
    @Override
    public void removeOld(Instant now) {
        @Nullable UUID last = FIRST;
        while (last != null) {
            last = contacts.removeBefore(now.minus(ContactRules.SEVEN_DAYS), last, STEP);
        }
    }
}
