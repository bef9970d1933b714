package ums.relay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's clients, and what they need of the broker. None of them connects before it is used. */
final class KafkaClients {

    /** A record an order that is ready to be sent. */
    static final String OUTBOX = "ums.outbox";
    /** A record a change of a message's status. */
    static final String EVENTS = "ums.message-events";
    /** Whom all workers belong to. */
    static final String WORKERS = "ums.workers";

    /**
     * The members of a share group share a partition only where there are fewer partitions than members; else each has its
     * own, and what is in those of a dead one waits for its session to end.
     */
    private static final int ONE_LINE = 1;

    /** How long, in milliseconds, a record is kept for a worker that is frozen; the broker's least. */
    private static final String LOCK = "15000";

    /** In milliseconds. What nobody took by then was published again long ago. */
    private static final String A_DAY = "86400000";

    private final KafkaProperties properties;

    KafkaClients(KafkaProperties properties) {
        this.properties = properties;
    }

    /**
     * Makes the topics that are missing, and has the workers' group begin with what was relayed before its first member came.
     *
     * @throws KafkaException where the broker is out of reach or refuses
     */
    void prepareBroker() throws InterruptedException {
        try (Admin admin = admin(Duration.ofSeconds(10))) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = Stream.of(
                            topic(OUTBOX, ONE_LINE).configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, A_DAY)),
                            topic(EVENTS, properties.partitions()))
                    .filter(it -> !existing.contains(it.name()))
                    .toList();
            try {
                admin.createTopics(missing).all().get();
            } catch (ExecutionException e) {
                // Another process was quicker.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, WORKERS),
                            List.of(
                                    set("share.auto.offset.reset", "earliest"),
                                    set("share.record.lock.duration.ms", LOCK))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the broker could not be prepared", e.getCause());
        }
    }

    private NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, properties.replicationFactor());
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    /** @param patience for an answer */
    Admin admin(Duration patience) {
        Map<String, Object> config = common();
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis() / 2);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        return Admin.create(config);
    }

    /** What it cannot deliver within half a minute it gives back, and it stays where it is in the database. */
    Producer<String, byte[]> producer() {
        Map<String, Object> config = common();
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    /** @param max how many records at most it holds at a time */
    ShareConsumer<String, byte[]> worker(int max) {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, WORKERS);
        // What is in hand as the worker stops is for others.
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, max);
        // Else a worker gets whole batches of the producer's, however few permits it has.
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        return new KafkaShareConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>(properties.properties());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(properties.bootstrapServers()));
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "ums");
        config.put("enable.metrics.push", false);
        return config;
    }
}
