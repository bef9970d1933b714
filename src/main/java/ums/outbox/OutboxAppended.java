package ums.outbox;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something was put into the queue by this process; the dispatcher listens for it after the commit, so that an idle node
 * sends at once.
 *
 * @param due when the first of it becomes due, null for now
 */
public record OutboxAppended(@Nullable Instant due) {

    /** Of several orders at once, by what each waits for. */
    public static OutboxAppended of(Stream<Optional<Instant>> notBefore) {
        return new OutboxAppended(notBefore
                .map(it -> it.orElse(Instant.MIN))
                .min(Comparator.naturalOrder())
                .filter(it -> it.isAfter(Instant.MIN))
                .orElse(null));
    }
}
