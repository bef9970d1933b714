package ums.queue;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something was put into the queue by this process; the dispatcher listens for it after the commit, so that an idle node
 * sends at once.
 *
 * @param ready whether some of it can be claimed now
 * @param nextDue when the first of what cannot becomes due, or null
 */
public record EntriesAppended(boolean ready, @Nullable Instant nextDue) {

    /** Of several orders, by what each waits for. */
    public static EntriesAppended of(Collection<Optional<Instant>> notBefore) {
        return new EntriesAppended(
                notBefore.stream().anyMatch(Optional::isEmpty),
                notBefore.stream()
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
    }
}
