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
 * A worker's claims, of the orders that records on the topic name. A record is acknowledged once its order was asked for in
 * the database, whether it could be claimed or not: from then on only the claim counts. So this holds no more records than
 * the worker has permits, and where none is free for long the broker gives them to others.
 */
class KafkaClaims extends KafkaThread implements ClaimSource {

    private static final Logger log = LoggerFactory.getLogger(KafkaClaims.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RelayedQueue orders;
    private final KafkaClients clients;
    private final ApplicationEventPublisher news;
    private final int largest;
    private final Duration pollInterval;
    private final Set<Long> inHand = new LinkedHashSet<>();
    private volatile @Nullable ShareConsumer<String, byte[]> consumer;
    private volatile Runnable wake = () -> {};

    /**
     * @param largest how many records it holds at most
     * @param pollInterval how often the dispatcher looks here unasked
     */
    KafkaClaims(
            RelayedQueue orders,
            KafkaClients clients,
            ApplicationEventPublisher news,
            int largest,
            Duration pollInterval) {
        super("kafka-worker", PATIENCE);
        this.orders = orders;
        this.clients = clients;
        this.news = news;
        this.largest = largest;
        this.pollInterval = pollInterval;
    }

    @Override
    public boolean begin(Instant now) {
        return anyInHand();
    }

    /** Where the database does not answer, the records stay in hand. */
    @Override
    public List<Claim> claim(UUID token, Claimant by, int max) {
        List<Long> asked;
        synchronized (inHand) {
            asked = inHand.stream().limit(max).toList();
        }
        if (asked.isEmpty()) {
            return List.of();
        }
        List<Claim> claimed = orders.claim(token, by, asked);
        synchronized (inHand) {
            asked.forEach(inHand::remove);
            inHand.notifyAll();
        }
        news.publishEvent(new KafkaNews.Consumed(asked.size(), claimed.size()));
        return claimed;
    }

    @Override
    public boolean more(int claimed, int max) {
        return anyInHand();
    }

    private boolean anyInHand() {
        synchronized (inHand) {
            return !inHand.isEmpty();
        }
    }

    @Override
    public Duration wait(Instant now) {
        return pollInterval;
    }

    /** Whoever relays looks after what is delayed. */
    @Override
    public boolean expect(Instant due) {
        return false;
    }

    @Override
    public void onNews(Runnable wakes) {
        wake = wakes;
    }

    @Override
    void run() {
        boolean faulty = false;
        try {
            while (isRunning()) {
                try {
                    clients.prepareBroker();
                    if (faulty) {
                        log.info("Kafka can be reached again");
                        faulty = false;
                    }
                    consume();
                } catch (WakeupException _) {
                    return;
                } catch (RuntimeException | Error e) {
                    if (!faulty) {
                        faulty = true;
                        log.warn("No records come from Kafka now, trying again every second: {}", told(e));
                    }
                    news.publishEvent(new KafkaNews.Fault("worker"));
                    pauseAfterFault();
                }
            }
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    private void consume() throws InterruptedException {
        ShareConsumer<String, byte[]> open = clients.worker(largest);
        try {
            consumer = open;
            open.subscribe(List.of(KafkaClients.OUTBOX));
            while (isRunning()) {
                take(open, open.poll(POLL));
            }
        } finally {
            consumer = null;
            open.close(CLOSING);
        }
    }

    /** Returns when all of them were asked for in the database, or the worker stops. */
    private void take(ShareConsumer<String, byte[]> from, ConsumerRecords<String, byte[]> records)
            throws InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        Set<Long> left;
        synchronized (inHand) {
            records.forEach(it -> read(it).ifPresent(inHand::add));
        }
        wake.run();
        synchronized (inHand) {
            while (isRunning() && !inHand.isEmpty()) {
                inHand.wait();
            }
            left = Set.copyOf(inHand);
            inHand.clear();
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
            log.error("Record {} of partition {} is none of ours and was dropped", record.offset(), record.partition());
            news.publishEvent(new KafkaNews.Unreadable());
        }
        return id;
    }

    /** What is in hand is given back to the broker. */
    @Override
    void endWait() {
        synchronized (inHand) {
            inHand.notifyAll();
        }
        ShareConsumer<String, byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }
}
