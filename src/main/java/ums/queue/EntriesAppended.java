package ums.queue;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This process has appended entries to the queue. The dispatcher is woken by it after the commit, so that an idle process sends
 * at once.
 *
 * @param ready whether some of them can be claimed now
 * @param nextDue when the first of the others becomes due, or null
 */
public record EntriesAppended(boolean ready, @Nullable Instant nextDue) {

    /** @param notBefore for each entry when it becomes due; empty if it is ready */
    public static EntriesAppended of(Collection<Optional<Instant>> notBefore) {
        return new EntriesAppended(
                notBefore.stream().anyMatch(Optional::isEmpty),
                notBefore.stream()
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
    }
}
