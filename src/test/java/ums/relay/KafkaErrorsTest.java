package ums.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import ums.QueueStory;
import ums.TestBroker;
import ums.queue.Claim;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Queue;
import ums.queue.RelayedQueue;

/** A temporary lack of memory ends neither the relay nor a worker; if it does, they report that they are gone. */
class KafkaErrorsTest extends QueueStory {

    /** On a shared broker, the workers of other tests, on other databases, would take its records. */
    private static TestBroker.Own broker;

    /** An address that every client refuses. */
    private static final String NOWHERE = "nowhere";

    @Autowired
    RelayedQueue relayed;

    @Autowired
    Queue queue;

    @Autowired
    EventRepository events;

    @Autowired
    RelayLease lease;

    private final List<Object> activity = new CopyOnWriteArrayList<>();
    private final List<Relay> relays = new ArrayList<>();
    private final List<KafkaThread> threads = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @BeforeEach
    void noProcessHoldsTheLease() {
        jdbc.sql("truncate relay_lease, message_event").update();
    }

    @AfterEach
    void stop() {
        threads.forEach(KafkaThread::stop);
        relays.forEach(Relay::release);
    }

    @Test
    void theRelayGoesOnAfterPollsThatEndInAnError() {
        AtomicInteger notified = new AtomicInteger();
        Relay relay = relay(broker.address(), _ -> {
            switch (notified.incrementAndGet()) {
                case 1 -> throw new OutOfMemoryError("in the first poll");
                case 2 -> throw new StackOverflowError("in the second poll");
                default -> {}
            }
        });
        accept();

        RelayLoop loop = started(new RelayLoop(relay, activity::add));

        await().until(() -> relayed.onTopic() == 1);
        assertThat(activity).containsExactly(new KafkaActivity.Fault("relay"), new KafkaActivity.Fault("relay"));
        assertThat(loop.isGone()).isFalse();
    }

    @Test
    void theWorkerGoesOnAndClaimsTheRecordsItHeldAndTheNextOnes() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        KafkaClaims worker = worker(broker.address(), activity::add);
        worker.onAvailable(() -> {
            if (woken.incrementAndGet() == 1) {
                throw new StackOverflowError("as the dispatcher is woken");
            }
        });
        Relay relay = relay(broker.address(), _ -> {});
        UUID first = accept();
        relay.poll();

        started(worker);

        await().until(() -> activity.contains(new KafkaActivity.Fault("worker")));
        await().until(() -> claimed(worker).contains(first));
        UUID next = accept();
        relay.poll();
        await().until(() -> claimed(worker).contains(next));
        assertThat(worker.isGone()).isFalse();
    }

    @Test
    void aThreadWithoutMemoryEvenToReportAnErrorIsGoneAndReportedSo() {
        ApplicationEventPublisher noMemory = _ -> {
            throw new OutOfMemoryError("while reporting, too");
        };

        RelayLoop loop = started(new RelayLoop(relay(NOWHERE, noMemory), noMemory));
        KafkaClaims worker = started(worker(NOWHERE, noMemory));

        await().dontCatchUncaughtExceptions().until(() -> loop.isGone() && worker.isGone());
    }

    private <T extends KafkaThread> T started(T thread) {
        threads.add(thread);
        thread.start();
        return thread;
    }

    private Relay relay(String address, ApplicationEventPublisher listener) {
        Relay relay = new Relay(
                new TopicBacklog(relayed, Duration.ofMinutes(2), listener),
                new DueEntries(queue, () -> true),
                events,
                new LeaseHolder(lease, "one"),
                new RecordPublisher(clients(address), listener),
                clock);
        relays.add(relay);
        return relay;
    }

    private KafkaClaims worker(String address, ApplicationEventPublisher listener) {
        return new KafkaClaims(relayed, clients(address), listener, 10, Duration.ofSeconds(5));
    }

    private static KafkaClients clients(String address) {
        return new KafkaClients(new KafkaProperties(address, 1, (short) -1, Map.of()));
    }

    private static List<UUID> claimed(KafkaClaims worker) {
        return worker.claim(UUID.randomUUID(), new Claimant("a test", false), 10).stream()
                .map(Claim::aggregateId)
                .toList();
    }
}
