package ums.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something was put into the queue by this process; the dispatcher listens for it after the commit, so that an idle node
 * sends at once.
 *
 * @param notBefore when it becomes due, null for now
 */
public record OutboxAppended(@Nullable Instant notBefore) {}
