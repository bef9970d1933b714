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

/** Creates Kafka's clients, topics and group settings. No client connects before it is used. */
final class KafkaClients {

    /** The topic of ready entries, one record each. */
    static final String OUTBOX = "ums.outbox";
    /** The topic of events: one record for each change of a message's status. */
    static final String EVENTS = "ums.message-events";
    /** The share group of all workers. */
    static final String WORKERS = "ums.workers";

    /**
     * Members of a share group share one partition only where there are fewer partitions than members. With more
     * partitions each member has its own, and the records in those of a dead member wait for its session to end.
     */
    private static final int ONE_PARTITION = 1;

    /** How long a record stays locked for a frozen worker, in milliseconds; the least that the broker allows. */
    private static final String LOCK = "15000";

    /** Retention in milliseconds. A record that no worker took by then was published again long ago. */
    private static final String A_DAY = "86400000";

    private final KafkaProperties properties;

    KafkaClients(KafkaProperties properties) {
        this.properties = properties;
    }

    /**
     * Creates missing topics, and lets the workers' group start with records that were relayed before its first member
     * joined.
     *
     * @throws KafkaException where the broker is out of reach or refuses
     */
    void prepareBroker() throws InterruptedException {
        try (Admin admin = admin(Duration.ofSeconds(10))) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = Stream.of(
                            topic(OUTBOX, ONE_PARTITION).configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, A_DAY)),
                            topic(EVENTS, properties.partitions()))
                    .filter(it -> !existing.contains(it.name()))
                    .toList();
            try {
                admin.createTopics(missing).all().get();
            } catch (ExecutionException e) {
                // Another process created them first.
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

    /** @param timeout for an answer */
    Admin admin(Duration timeout) {
        Map<String, Object> config = common();
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis() / 2);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        return Admin.create(config);
    }

    /** A record that cannot be delivered within 30 seconds fails; its entry or event stays in the database. */
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

    /** @param max how many records the worker holds at most */
    ShareConsumer<String, byte[]> worker(int max) {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, WORKERS);
        // Records still in flight when the worker stops are released for other workers.
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, max);
        // Without it a worker gets whole producer batches, however few permits it has.
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
