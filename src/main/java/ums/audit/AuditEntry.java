package ums.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An action of an admin, or of UMS itself.
 *
 * @param id its UUIDv7
 * @param at the time of the action
 * @param who the admin's name, or {@code ums}
 * @param action the action, such as {@code failure.retry}
 * @param target the object of the action, such as {@code api-key:} and its id
 * @param reason the admin's reason, or null if none is asked for
 */
public record AuditEntry(
        UUID id,
        Instant at,
        String who,
        String action,
        String target,
        @Nullable String reason) {}
