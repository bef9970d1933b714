package ums.message;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.provider.Account;
import ums.provider.Provider.Availability;
import ums.provider.Providers;
import ums.queue.Queue;
import ums.reading.Reads;

/** Finds out why a message is not sent yet: from its row, its channel, and its position in the queue. */
@Component
class WaitingReasons {

    private static final Availability NO_PROVIDER = new Availability(false, "no provider is configured for it", null);

    private final Providers providers;
    private final Queue queue;
    private final Reads reads;
    private final Clock clock;

    WaitingReasons(Providers providers, Queue queue, Reads reads, Clock clock) {
        this.providers = providers;
        this.queue = queue;
        this.reads = reads;
        this.clock = clock;
    }

    /** The reason, or null where the message is sent, or never will be. Without a position while lists keep the database busy. */
    @Nullable Waiting of(Message message) {
        String bound = message.progress().bound() ? message.progress().provider() : null;
        List<Account> candidates = providers.route(message.channel(), message.test()).stream()
                .filter(it -> bound == null || message.test() || it.id().equals(bound))
                .toList();
        Optional<Account> account = candidates.stream()
                .filter(Account::isAvailable)
                .findFirst()
                .or(() -> candidates.stream().findFirst());
        return Waiting.of(
                message,
                account.map(it -> it.provider().availability()).orElse(NO_PROVIDER),
                account.map(Account::rate).orElse(OptionalDouble.empty()),
                () -> reads.readIfIdle(message.client(), () -> queue.position(message.id()))
                        .flatMap(Function.identity()),
                clock.instant());
    }
}
