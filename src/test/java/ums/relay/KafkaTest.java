package ums.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import ums.Messages;
import ums.TestBroker;
import ums.TestDatabase;
import ums.UmsClient;
import ums.UmsStory;
import ums.provider.smtp.ScriptedSmtpServer;

/** The whole service with a real broker: it relays, consumes and sends in one process, and a test can cut the way to Kafka. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"ums.retry.initial-delay=100ms", "ums.retry.multiplier=1", "ums.retry.max-delay=100ms"})
class KafkaTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static ScriptedSmtpServer provider;

    @Autowired
    UmsClient ums;

    @Autowired
    JdbcClient jdbc;

    private String key;

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) throws Exception {
        TestDatabase.fresh().register(registry);
        UmsStory.smallAndQuick(registry);
        provider = ScriptedSmtpServer.start();
        registry.add("ums.email.smtp.host", () -> "127.0.0.1");
        registry.add("ums.email.smtp.port", provider::port);
        registry.add("ums.kafka.bootstrap-servers", TestBroker::address);
        registry.add("ums.kafka.partitions", () -> 2);
    }

    @BeforeEach
    void newClient() {
        key = ums.newKey();
    }

    @Test
    void aMessageIsRelayedAndArrivesOnce() {
        String address = UUID.randomUUID() + "@example.com";
        UUID id = ums.send(key, Messages.to(address)).id();

        await().untilAsserted(() -> assertThat(status(id)).isEqualTo("SENT"));

        assertThat(taken(address)).isEqualTo(1);
        List<ConsumerRecord<String, byte[]>> records = read(KafkaClients.OUTBOX).stream()
                .filter(it -> it.key().equals(id.toString()))
                .toList();
        assertThat(records).hasSize(1);
        JsonNode value = JSON.readTree(records.getFirst().value());
        assertThat(value.get("messageId").stringValue()).isEqualTo(id.toString());
        assertThat(value.get("priority").stringValue()).isEqualTo("NORMAL");
        assertThat(row(id)).isEqualTo("published settled");
    }

    @Test
    void anEntryIsRelayedAgainAfterAFailedAttempt() {
        String address = UUID.randomUUID() + "@example.com";
        provider.on("RCPT", ScriptedSmtpServer.says("451 later"));
        UUID id = ums.send(key, Messages.to(address)).id();

        await().untilAsserted(() -> assertThat(status(id)).isEqualTo("SENT"));

        assertThat(taken(address)).isEqualTo(1);
        await().untilAsserted(() ->
                assertThat(events(id)).containsExactly("ACCEPTED", "PROCESSING", "RETRY", "PROCESSING", "SENT"));
    }

    @Test
    void duplicateAndUnreadableRecordsAreHarmless() {
        String address = UUID.randomUUID() + "@example.com";
        UUID id = ums.send(key, Messages.to(address)).id();
        await().until(() -> status(id).equals("SENT"));
        byte[] value = read(KafkaClients.OUTBOX).stream()
                .filter(it -> it.key().equals(id.toString()))
                .findFirst()
                .orElseThrow()
                .value();
        double before = unreadable();

        try (KafkaProducer<String, byte[]> stranger = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestBroker.address()), new StringSerializer(), new ByteArraySerializer())) {
            for (byte[] each :
                    new byte[][] {value, "not JSON".getBytes(UTF_8), "{\"a\": 1}".getBytes(UTF_8), null, value}) {
                stranger.send(new ProducerRecord<>(KafkaClients.OUTBOX, id.toString(), each));
            }
        }

        await().untilAsserted(() -> assertThat(unreadable()).isEqualTo(before + 3));
        UUID next = ums.send(key, Messages.to(address)).id();
        await().until(() -> status(next).equals("SENT"));
        assertThat(taken(address)).isEqualTo(2);
    }

    @Test
    void anEntryWhoseRecordWasLostIsPublishedAgain() {
        String address = UUID.randomUUID() + "@example.com";
        UUID id = ums.send(
                        key,
                        Messages.to(
                                address,
                                Map.of(
                                        "scheduledAt",
                                        Instant.now().plusSeconds(3600).toString())))
                .id();
        // Marks the entry as relayed, as if the topic had lost its record.
        jdbc.sql("""
                        update outbox set state = 'RELAYED', next_attempt_at = null, published_at = now(),
                            relayed_at = now() - interval '10 minutes'
                        where aggregate_id = :id
                        """).param("id", id).update();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(id)).isEqualTo("SENT"));
        assertThat(taken(address)).isEqualTo(1);
    }

    @Test
    void theEventsGiveTheFinalStatusOfEachMessage() {
        UUID sent = ums.send(key, Messages.to("sent@example.com", Map.of("reference", "order:42")))
                .id();
        await().until(() -> status(sent).equals("SENT"));
        provider.on("RCPT", ScriptedSmtpServer.says("550 5.1.1 No such user"));
        UUID failed = ums.send(key, Messages.to("failed@example.com")).id();
        await().until(() -> status(failed).equals("FAILED"));
        UUID canceled = ums.send(
                        key,
                        Messages.to(
                                "later@example.com",
                                Map.of(
                                        "scheduledAt",
                                        Instant.now().plusSeconds(3600).toString())))
                .id();
        ums.call("POST", "/api/messages/" + canceled + "/cancel", "Bearer " + key, new byte[0]);

        await().untilAsserted(() -> assertThat(lastStatus())
                .containsEntry(sent.toString(), "SENT")
                .containsEntry(failed.toString(), "FAILED")
                .containsEntry(canceled.toString(), "CANCELED"));
        assertThat(lastStatus()).allSatisfy((id, status) -> assertThat(status).isEqualTo(status(UUID.fromString(id))));

        CloudEvent event = cloudEvents().stream()
                .filter(it -> sent.toString().equals(it.getSubject()))
                .toList()
                .getLast();
        assertThat(event.getSpecVersion()).hasToString("1.0");
        assertThat(event.getType()).isEqualTo("dev.ums.message.sent");
        assertThat(event.getSource()).hasToString("/ums/messages");
        assertThat(event.getTime()).isNotNull();
        JsonNode data = JSON.readTree(event.getData().toBytes());
        assertThat(data.get("reference").stringValue()).isEqualTo("order:42");
        assertThat(data.get("attemptCount").intValue()).isEqualTo(1);
    }

    @Test
    void eventsAreRelayedAgainOnAnAdminsRequestAndMarkedAsReplays() {
        Instant from = Instant.now();
        UUID id = ums.send(key, Messages.to("again@example.com")).id();
        await().until(() -> events(id).equals(List.of("ACCEPTED", "PROCESSING", "SENT")));
        Instant to = Instant.now().plusSeconds(60);

        UmsClient.Answer answer = ums.admin(
                "POST",
                "/admin/relay/replay",
                "{\"from\": \"%s\", \"to\": \"%s\", \"reason\": \"a lost consumer\"}"
                        .formatted(from.minusSeconds(1), to));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("replayed").intValue()).isGreaterThanOrEqualTo(3);

        await().untilAsserted(() -> assertThat(events(id))
                .containsExactly("ACCEPTED", "PROCESSING", "SENT", "ACCEPTED", "PROCESSING", "SENT"));
        List<CloudEvent> all = cloudEvents().stream()
                .filter(it -> id.toString().equals(it.getSubject()))
                .toList();
        assertThat(all)
                .extracting(it -> it.getExtension("replay"))
                .containsExactly(null, null, null, "true", "true", "true");
        assertThat(all.get(3).getId()).isEqualTo(all.getFirst().getId());
        JsonNode entry = ums.admin("GET", "/admin/audit?limit=1", null)
                .json()
                .get("data")
                .get(0);
        assertThat(entry.get("action").stringValue()).isEqualTo("relay.replay");
        assertThat(entry.get("reason").stringValue()).isEqualTo("a lost consumer");
    }

    @Test
    void aReplayWithoutATimeSpanIsRefused() {
        UmsClient.Answer answer = ums.admin(
                "POST",
                "/admin/relay/replay",
                "{\"from\": \"2026-11-24T10:00:00Z\", \"to\": \"2026-11-24T10:00:00Z\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).containsExactly("/to");
        assertThat(ums.admin("POST", "/admin/relay/replay", "{}").pointers()).containsExactlyInAnyOrder("/from", "/to");
    }

    private String status(UUID id) {
        return ums.admin("GET", "/admin/messages/" + id, null)
                .json()
                .get("status")
                .stringValue();
    }

    private String row(UUID id) {
        return jdbc.sql("""
                        select case when published then 'published' else 'unpublished' end
                            || case when relayed_at is null then ' settled' else ' unsettled' end
                        from outbox where aggregate_id = :id
                        """).param("id", id).query(String.class).single();
    }

    private static long taken(String address) {
        return provider.mails().stream()
                .filter(it -> it.rcpts().toString().contains("<" + address + ">"))
                .count();
    }

    private double unreadable() {
        return ums.actuator("/actuator/prometheus")
                .text()
                .lines()
                .filter(it -> it.startsWith("relay_records_unreadable_total"))
                .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                .sum();
    }

    private static List<String> events(UUID id) {
        return cloudEvents().stream()
                .filter(it -> id.toString().equals(it.getSubject()))
                .map(it -> JSON.readTree(it.getData().toBytes()).get("status").stringValue())
                .toList();
    }

    /** Keeps state as a subscriber would: the event with the highest sequence counts. */
    private static Map<String, String> lastStatus() {
        Map<String, String> sequence = new HashMap<>();
        Map<String, String> status = new HashMap<>();
        for (CloudEvent each : cloudEvents()) {
            String now = (String) each.getExtension("sequence");
            if (now.compareTo(sequence.getOrDefault(each.getSubject(), "")) > 0) {
                sequence.put(each.getSubject(), now);
                status.put(
                        each.getSubject(),
                        JSON.readTree(each.getData().toBytes()).get("status").stringValue());
            }
        }
        return status;
    }

    private static List<CloudEvent> cloudEvents() {
        CloudEventDeserializer deserializer = new CloudEventDeserializer();
        return read(KafkaClients.EVENTS).stream()
                .map(it -> deserializer.deserialize(it.topic(), it.headers(), it.value()))
                .toList();
    }

    /** All records of a topic, by partition. */
    private static List<ConsumerRecord<String, byte[]>> read(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestBroker.address()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo each : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, each.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
            return all;
        }
    }
}
