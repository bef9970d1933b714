package ums.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as a Kafka record: a CloudEvent 1.0 in binary mode (Kafka Protocol Binding, section 3.2), with its
 * attributes as headers and its data as the value. The message's id is the key, so that the events of one message stay
 * ordered.
 */
final class EventRecord {

    private static final String SOURCE = "/ums/messages";
    private static final String TYPE = "dev.ums.message.";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EventRecord() {}

    static ProducerRecord<String, byte[]> of(MessageEvent event) {
        String messageId = event.messageId().toString();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(KafkaClients.EVENTS, messageId, JSON.writeValueAsBytes(data(event)));
        Headers headers = record.headers();
        attribute(headers, "specversion", "1.0");
        attribute(headers, "id", event.eventId().toString());
        attribute(headers, "source", SOURCE);
        attribute(headers, "type", TYPE + event.status().toLowerCase(Locale.ROOT));
        attribute(headers, "subject", messageId);
        attribute(headers, "time", event.at().toString());
        // The CloudEvents extension "sequence" is compared as text, so the number is padded.
        attribute(headers, "sequence", String.format(Locale.ROOT, "%019d", event.id()));
        if (event.replay()) {
            attribute(headers, "replay", "true");
        }
        headers.add("content-type", "application/json".getBytes(UTF_8));
        return record;
    }

    private static void attribute(Headers headers, String name, String value) {
        headers.add("ce_" + name, value.getBytes(UTF_8));
    }

    private static Map<String, Object> data(MessageEvent event) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("messageId", event.messageId().toString());
        data.put("client", event.client());
        data.put("channel", event.channel());
        data.put("reference", event.reference());
        data.put("status", event.status());
        data.put("at", event.at().toString());
        data.put("attemptCount", event.attempt());
        data.put("errorType", event.errorType());
        return data;
    }
}
