package ums.web.console;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.delivery.Processes;
import ums.observability.QueueSample;
import ums.observability.QueueSamples;
import ums.provider.Provider;
import ums.provider.Provider.Availability;
import ums.provider.Providers;
import ums.throughput.Throughput;

/**
 * The figures of the overview, cached for all viewers, so that the database is queried every few seconds at most,
 * however many pages are open.
 */
@Component
class Overview {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final QueueSamples samples;
    private final Throughput throughput;
    private final Processes processes;
    private final Providers providers;
    private final Cached<Now> now = new Cached<>(Duration.ofSeconds(3), this::read);
    private final Cached<History> history = new Cached<>(Duration.ofSeconds(30), this::readHistory);

    Overview(QueueSamples samples, Throughput throughput, Processes processes, Providers providers) {
        this.samples = samples;
        this.throughput = throughput;
        this.processes = processes;
        this.providers = providers;
    }

    /** The current figures, up to three seconds old. */
    Now now() {
        return now.get();
    }

    /** The last hour by minute and the last day by quarter of an hour. */
    History history() {
        return history.get();
    }

    private Now read() {
        return new Now(
                samples.latest().orElse(null),
                throughput.now(),
                providers.channels().stream()
                        .flatMap(it -> providers.route(it, false).stream())
                        .map(it -> Server.of(it.id(), it.provider()))
                        .toList(),
                processes.list());
    }

    private History readHistory() {
        return new History(
                throughput.since(HOUR, Duration.ofMinutes(1)), throughput.since(DAY, Duration.ofMinutes(15)));
    }

    /**
     * The current figures.
     *
     * @param queue null if there is no recent sample of the database
     */
    record Now(
            @Nullable QueueSample queue,
            Throughput.Point rate,
            List<Server> servers,
            List<Processes.Process> processes) {

        /** How many failures need an operator's decision. */
        public long openFailures() {
            return queue == null ? 0 : Layout.open(queue);
        }
    }

    /**
     * A provider as this process sees it, in the sequence of its channel's route.
     *
     * @param connections how many it may have open, or null
     */
    record Server(
            String id,
            String channel,
            String endpoint,
            Availability availability,
            Provider.@Nullable Connections connections) {

        private static Server of(String id, Provider<?> provider) {
            return new Server(
                    id, provider.channel(), provider.endpoint(), provider.availability(), provider.connections());
        }
    }

    /** The data of the two charts. */
    record History(List<Throughput.Point> hour, List<Throughput.Point> day) {}

    /** A value that is reloaded when it is too old. */
    private static final class Cached<T> {

        private final long age;
        private final Supplier<T> source;
        private @Nullable T value;
        private long at;

        Cached(Duration age, Supplier<T> source) {
            this.age = age.toNanos();
            this.source = source;
        }

        synchronized T get() {
            T known = value;
            if (known == null || System.nanoTime() - at > age) {
                known = source.get();
                value = known;
                at = System.nanoTime();
            }
            return known;
        }
    }
}
