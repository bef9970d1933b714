package ums.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something an admin, or UMS itself, did.
 *
 * @param id its UUIDv7
 * @param at when
 * @param who the admin's name, or {@code ums}
 * @param action what was done, such as {@code failure.retry}
 * @param target what it was done to, such as {@code api-key:} and its id
 * @param reason why, in that person's words, or null where none is asked for
 */
public record AuditEntry(
        UUID id,
        Instant at,
        String who,
        String action,
        String target,
        @Nullable String reason) {}
