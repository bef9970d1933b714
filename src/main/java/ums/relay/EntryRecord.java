package ums.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import ums.queue.RelayedEntry;

/**
 * A relayed entry as a Kafka record: the message's id is the key, and the value names the outbox row and holds no
 * content.
 */
final class EntryRecord {

    private static final String OUTBOX_ID = "outboxId";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EntryRecord() {}

    static ProducerRecord<String, byte[]> of(RelayedEntry entry) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put(OUTBOX_ID, entry.outboxId());
        value.put("messageId", entry.messageId().toString());
        value.put("channel", entry.channel());
        value.put("priority", entry.priority().name());
        value.put("attemptCount", entry.attemptCount());
        value.put("createdAt", entry.createdAt().toString());
        return new ProducerRecord<>(KafkaClients.OUTBOX, entry.messageId().toString(), JSON.writeValueAsBytes(value));
    }

    /** The outbox id that a record names; empty where the record was not written by UMS. */
    static OptionalLong outboxId(byte @Nullable [] value) {
        try {
            JsonNode id = value == null ? null : JSON.readTree(value).get(OUTBOX_ID);
            return id == null || !id.canConvertToLong() ? OptionalLong.empty() : OptionalLong.of(id.longValue());
        } catch (JacksonException _) {
            return OptionalLong.empty();
        }
    }
}
