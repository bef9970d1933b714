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

/** An order as a record: the message's id is its key, and its value says which row it stands for, without any content. */
final class EntryRecord {

    private static final String OUTBOX_ID = "outboxId";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EntryRecord() {}

    static ProducerRecord<String, byte[]> of(RelayedEntry order) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put(OUTBOX_ID, order.outboxId());
        value.put("messageId", order.messageId().toString());
        value.put("channel", order.channel());
        value.put("priority", order.priority().name());
        value.put("attemptCount", order.attemptCount());
        value.put("createdAt", order.createdAt().toString());
        return new ProducerRecord<>(KafkaClients.OUTBOX, order.messageId().toString(), JSON.writeValueAsBytes(value));
    }

    /** Which order a record names; nothing where it is none of ours. */
    static OptionalLong outboxId(byte @Nullable [] value) {
        try {
            JsonNode id = value == null ? null : JSON.readTree(value).get(OUTBOX_ID);
            return id == null || !id.canConvertToLong() ? OptionalLong.empty() : OptionalLong.of(id.longValue());
        } catch (JacksonException _) {
            return OptionalLong.empty();
        }
    }
}
