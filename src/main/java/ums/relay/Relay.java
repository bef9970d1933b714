package ums.relay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import ums.queue.DueEntries;
import ums.queue.RelayedEntry;
import ums.queue.RelayedQueue;
import ums.relay.EventRepository.Replay;

/**
 * Moves what is ready, and events, from the database to Kafka: sends, waits for the broker's word, and only then notes it,
 * each by one statement. What is not acknowledged stays where it is and is sent again. {@link #turn} is one turn;
 * {@link RelayLoop} turns it, tests by hand.
 */
class Relay {

    /** On the topic, unclaimed: few enough that the rest can be overtaken and called off where that works best. */
    static final int MOST_ON_TOPIC = 10_000;

    private static final int BATCH = 1_000;
    private static final int LEAST_ROOM = BATCH / 4;
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEWAL = Duration.ofSeconds(5);
    private static final Duration STANDBY = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration FULL = Duration.ofMillis(50);

    private final RelayedQueue orders;
    private final DueEntries due;
    private final EventRepository events;
    private final RelayLease lease;
    private final KafkaClients clients;
    private final ApplicationEventPublisher news;
    private final Clock clock;
    private final String owner;
    private final Duration staleAfter;
    private @Nullable Producer<String, byte[]> producer;
    private Instant heldAt = Instant.MIN;
    private Instant scanned = Instant.MIN;
    private Instant sweptAt = Instant.MIN;
    private int room;

    /**
     * @param owner what no other process is called
     * @param staleAfter how long an order may be on the topic unclaimed before it is published again
     */
    Relay(
            RelayedQueue orders,
            DueEntries due,
            EventRepository events,
            RelayLease lease,
            KafkaClients clients,
            ApplicationEventPublisher news,
            Clock clock,
            String owner,
            Duration staleAfter) {
        this.orders = orders;
        this.due = due;
        this.events = events;
        this.lease = lease;
        this.clients = clients;
        this.news = news;
        this.clock = clock;
        this.owner = owner;
        this.staleAfter = staleAfter;
    }

    /**
     * Publishes a batch of what waits.
     *
     * @return how long to wait for a signal before the next turn
     * @throws KafkaException where the broker did not take all of it; what it took is noted
     */
    Duration turn() throws InterruptedException {
        Instant now = clock.instant();
        if (!holdsLease(now)) {
            return STANDBY;
        }
        boolean looks = passed(scanned, IDLE, now);
        if (looks) {
            sweep(now);
            scanned = now.equals(due.release(now, BATCH)) ? Instant.MIN : now;
        }
        Producer<String, byte[]> broker = broker();
        int wanted = room();
        Sending<RelayedEntry> ready =
                new Sending<>(wanted == 0 ? List.of() : orders.next(wanted), EntryRecord::of, broker);
        Sending<MessageEvent> changes = new Sending<>(events.next(BATCH), EventRecord::of, broker);
        broker.flush();
        note(KafkaClients.OUTBOX, ready.acknowledged(), it -> {
            orders.published(it.stream().map(RelayedEntry::outboxId).toList());
            room -= it.size();
        });
        note(
                KafkaClients.EVENTS,
                changes.acknowledged(),
                it -> events.relayed(it.stream().map(MessageEvent::id).toList()));
        ready.check();
        changes.check();
        boolean replays = looks && replay(broker);
        if (replays
                || changes.all().size() == BATCH
                || (wanted > 0 && ready.all().size() == wanted)) {
            return Duration.ZERO;
        }
        return wanted == 0 ? FULL : IDLE;
    }

    private boolean holdsLease(Instant now) {
        if (passed(heldAt, RENEWAL, now)) {
            heldAt = lease.hold(owner, LEASE) ? now : Instant.MIN;
        }
        return !heldAt.equals(Instant.MIN);
    }

    /** Also where the clock was set back since. */
    private static boolean passed(Instant since, Duration duration, Instant now) {
        return since.equals(Instant.MIN)
                || since.isAfter(now)
                || !since.plus(duration).isAfter(now);
    }

    /** A record may have been lost, or was taken by a worker that died before it claimed. */
    private void sweep(Instant now) {
        if (!passed(sweptAt, RENEWAL, now)) {
            return;
        }
        int taken = orders.rescue(staleAfter, MOST_ON_TOPIC);
        if (taken > 0) {
            news.publishEvent(new KafkaNews.TakenBack(taken));
        }
        sweptAt = now;
    }

    private Producer<String, byte[]> broker() throws InterruptedException {
        Producer<String, byte[]> open = producer;
        if (open == null) {
            clients.prepareBroker();
            open = clients.producer();
            producer = open;
        }
        return open;
    }

    /** Only workers make room behind this process's back, so what was counted is the least there can be. */
    private int room() {
        if (room < BATCH) {
            int onTopic = orders.onTopic();
            news.publishEvent(new KafkaNews.OnTopic(onTopic));
            room = MOST_ON_TOPIC - onTopic;
        }
        return room < LEAST_ROOM ? 0 : Math.min(room, BATCH);
    }

    private <T> void note(String topic, List<T> acknowledged, Consumer<List<T>> write) {
        if (!acknowledged.isEmpty()) {
            write.accept(acknowledged);
            news.publishEvent(new KafkaNews.Published(topic, acknowledged.size()));
        }
    }

    /** @return whether there is more of it */
    private boolean replay(Producer<String, byte[]> broker) throws InterruptedException {
        Optional<Replay> asked = events.replay();
        if (asked.isEmpty()) {
            return false;
        }
        List<MessageEvent> step = events.next(asked.get(), BATCH);
        Sending<MessageEvent> again = new Sending<>(step, EventRecord::of, broker);
        broker.flush();
        note(KafkaClients.EVENTS, again.acknowledged(), _ -> {});
        again.check();
        if (step.size() < BATCH) {
            events.done(asked.get());
        } else {
            events.replayedUpTo(asked.get(), step.getLast());
        }
        scanned = Instant.MIN;
        return true;
    }

    /** After a fault: the next turn begins with a new connection, and with what the database says. */
    void reset() {
        Producer<String, byte[]> open = producer;
        producer = null;
        heldAt = Instant.MIN;
        room = 0;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    /** Leaves the rest to other processes. */
    void leave() {
        reset();
        lease.release(owner);
    }

    /** Some records on their way. */
    private static final class Sending<T> {

        private final List<T> all;
        private final List<Future<?>> answers = new ArrayList<>();
        private @Nullable Throwable fault;

        private Sending(List<T> all, Function<T, ProducerRecord<String, byte[]>> record, Producer<String, byte[]> to) {
            this.all = all;
            for (T each : all) {
                Future<?> answer = to.send(record.apply(each));
                answers.add(answer);
                if (answer.state() == Future.State.FAILED) {
                    // Each of the others would be waited for as long, in vain.
                    break;
                }
            }
        }

        private List<T> all() {
            return all;
        }

        private List<T> acknowledged() throws InterruptedException {
            List<T> acknowledged = new ArrayList<>(answers.size());
            for (int i = 0; i < answers.size(); i++) {
                try {
                    answers.get(i).get();
                    acknowledged.add(all.get(i));
                } catch (ExecutionException e) {
                    fault = e.getCause();
                }
            }
            return acknowledged;
        }

        private void check() {
            if (fault != null) {
                throw new KafkaException("the broker did not take all records", fault);
            }
        }
    }
}
