package ums.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import ums.delivery.ClaimSource;
import ums.queue.Claim;
import ums.queue.Claimant;
import ums.queue.RelayedQueue;

/**
 * A worker's claims, of the entries that Kafka records name. A record is acknowledged once its entry was claimed or
 * refused in the database, as from then on only the claim counts. So a worker holds no more records than it has
 * permits, and where none is free for long the broker redelivers its records to others.
 */
class KafkaClaims extends KafkaThread implements ClaimSource {

    private static final Logger log = LoggerFactory.getLogger(KafkaClaims.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final RelayedQueue queue;
    private final KafkaClients clients;
    private final ApplicationEventPublisher notifications;
    private final int maxRecords;
    private final Duration pollInterval;
    private final Set<Long> inFlight = new LinkedHashSet<>();
    private volatile @Nullable ShareConsumer<String, byte[]> consumer;
    private volatile Runnable wake = () -> {};

    /**
     * @param maxRecords how many records may be in flight in this worker at most
     * @param pollInterval how often the dispatcher polls this source without being woken
     */
    KafkaClaims(
            RelayedQueue queue,
            KafkaClients clients,
            ApplicationEventPublisher notifications,
            int maxRecords,
            Duration pollInterval) {
        super("kafka-worker", STOP_TIMEOUT);
        this.queue = queue;
        this.clients = clients;
        this.notifications = notifications;
        this.maxRecords = maxRecords;
        this.pollInterval = pollInterval;
    }

    @Override
    public boolean prepare(Instant now) {
        return anyInFlight();
    }

    /** Where the database does not answer, the records stay in flight. */
    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        List<Long> requested;
        synchronized (inFlight) {
            requested = inFlight.stream().limit(max).toList();
        }
        if (requested.isEmpty()) {
            return List.of();
        }
        List<Claim> claimed = queue.claim(token, by, requested);
        synchronized (inFlight) {
            requested.forEach(inFlight::remove);
            inFlight.notifyAll();
        }
        notifications.publishEvent(new KafkaActivity.Consumed(requested.size(), claimed.size()));
        return claimed;
    }

    @Override
    public boolean hasMore(int claimed, int max) {
        return anyInFlight();
    }

    private boolean anyInFlight() {
        synchronized (inFlight) {
            return !inFlight.isEmpty();
        }
    }

    @Override
    public Duration untilNextPoll(Instant now) {
        return pollInterval;
    }

    /** The relaying process releases delayed entries when they are due. */
    @Override
    public boolean expect(Instant due) {
        return false;
    }

    @Override
    public void onAvailable(Runnable wakeUp) {
        wake = wakeUp;
    }

    @Override
    void run() {
        boolean failing = false;
        try {
            while (isRunning()) {
                try {
                    clients.prepareBroker();
                    if (failing) {
                        log.info("Kafka can be reached again");
                        failing = false;
                    }
                    consume();
                } catch (WakeupException _) {
                    return;
                } catch (RuntimeException | Error e) {
                    if (!failing) {
                        failing = true;
                        log.warn("No records come from Kafka now, trying again every second: {}", describe(e));
                    }
                    notifications.publishEvent(new KafkaActivity.Fault("worker"));
                    pauseAfterFault();
                }
            }
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    private void consume() throws InterruptedException {
        ShareConsumer<String, byte[]> open = clients.worker(maxRecords);
        try {
            consumer = open;
            open.subscribe(List.of(KafkaClients.OUTBOX));
            while (isRunning()) {
                take(open, open.poll(POLL));
            }
        } finally {
            consumer = null;
            open.close(CLOSE_TIMEOUT);
        }
    }

    /** Returns when all records were tried in the database, or the worker stops. */
    private void take(ShareConsumer<String, byte[]> from, ConsumerRecords<String, byte[]> records)
            throws InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        Set<Long> left;
        synchronized (inFlight) {
            records.forEach(it -> read(it).ifPresent(inFlight::add));
        }
        wake.run();
        synchronized (inFlight) {
            while (isRunning() && !inFlight.isEmpty()) {
                inFlight.wait();
            }
            left = Set.copyOf(inFlight);
            inFlight.clear();
        }
        for (ConsumerRecord<String, byte[]> each : records) {
            OptionalLong id = EntryRecord.outboxId(each.value());
            boolean released = id.isPresent() && left.contains(id.getAsLong());
            from.acknowledge(each, released ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
        }
    }

    private OptionalLong read(ConsumerRecord<String, byte[]> record) {
        OptionalLong id = EntryRecord.outboxId(record.value());
        if (id.isEmpty()) {
            log.error(
                    "Record {} of partition {} was not written by UMS and was dropped",
                    record.offset(),
                    record.partition());
            notifications.publishEvent(new KafkaActivity.Unreadable());
        }
        return id;
    }

    /** The records still in flight are released to the broker. */
    @Override
    void endWait() {
        synchronized (inFlight) {
            inFlight.notifyAll();
        }
        ShareConsumer<String, byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }
}
