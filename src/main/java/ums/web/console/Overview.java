package ums.web.console;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.channel.MessageSender;
import ums.channel.MessageSender.Availability;
import ums.channel.email.SmtpServer;
import ums.delivery.Processes;
import ums.observability.QueueSample;
import ums.observability.QueueSamples;
import ums.throughput.Throughput;

/**
 * The figures of the overview, asked for once for all who look: however many pages are open, the database is asked every few
 * seconds at most.
 */
@Component
class Overview {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final QueueSamples samples;
    private final Throughput throughput;
    private final Processes processes;
    private final List<MessageSender> channels;
    private final SmtpServer smtp;
    private final Shared<Now> now = new Shared<>(Duration.ofSeconds(3), this::read);
    private final Shared<History> history = new Shared<>(Duration.ofSeconds(30), this::lately);

    Overview(
            QueueSamples samples,
            Throughput throughput,
            Processes processes,
            List<MessageSender> channels,
            SmtpServer smtp) {
        this.samples = samples;
        this.throughput = throughput;
        this.processes = processes;
        this.channels = channels;
        this.smtp = smtp;
    }

    /** As it is, a few seconds late at most. */
    Now now() {
        return now.get();
    }

    /** The last hour by the minute and the last day by the quarter of an hour. */
    History history() {
        return history.get();
    }

    private Now read() {
        return new Now(
                samples.latest().orElse(null),
                throughput.now(),
                channels.stream()
                        .map(it -> new Server(it.channel(), smtp.toString(), it.availability()))
                        .toList(),
                processes.list());
    }

    private History lately() {
        return new History(
                throughput.since(HOUR, Duration.ofMinutes(1)), throughput.since(DAY, Duration.ofMinutes(15)));
    }

    /**
     * What is going on.
     *
     * @param queue null where the database did not answer lately
     */
    record Now(
            @Nullable QueueSample queue,
            Throughput.Point rate,
            List<Server> servers,
            List<Processes.Process> processes) {

        /** How many failures wait for a person. */
        public long openFailures() {
            return queue == null ? 0 : Layout.open(queue);
        }
    }

    /** A server that messages go to, as this process finds it. */
    record Server(String channel, String name, Availability availability) {}

    /** Two charts. */
    record History(List<Throughput.Point> hour, List<Throughput.Point> day) {}

    /** A value that is asked for anew when it is old. */
    private static final class Shared<T> {

        private final long age;
        private final Supplier<T> source;
        private @Nullable T value;
        private long at;

        Shared(Duration age, Supplier<T> source) {
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
