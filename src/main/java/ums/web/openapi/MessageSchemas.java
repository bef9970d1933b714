package ums.web.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import ums.channel.Channel;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.Field;

/** The description of messages: the options are written by hand, the fields of the content come from the channels' forms. */
final class MessageSchemas {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Channels channels;

    MessageSchemas(Channels channels) {
        this.channels = channels;
    }

    /** Adds the channels and their fields to {@code NewMessage}, and makes {@code NewBatchMessage} of it. */
    void complete(ObjectNode schemas) {
        ObjectNode message = (ObjectNode) schemas.get("NewMessage");
        ObjectNode options = (ObjectNode) message.get("properties");
        ObjectNode properties = JSON.createObjectNode();
        ArrayNode names = properties
                .putObject("channel")
                .put("type", "string")
                .put("description", "what kind of message it is; it decides which of the other members there are")
                .put("default", "email")
                .putArray("enum");
        channels.names().forEach(names::add);
        fields().forEach((name, schema) -> properties.set(name, JSON.valueToTree(schema)));
        properties.setAll(options);
        message.set("properties", properties);
        message.set("required", JSON.valueToTree(required()));

        ObjectNode item = message.deepCopy();
        item.remove("description");
        ((ObjectNode) item.get("properties"))
                .putObject("idempotencyKey")
                .put("type", "string")
                .put("description", "the Idempotency-Key of this message")
                .put("minLength", 1)
                .put("maxLength", 255);
        schemas.set("NewBatchMessage", item);
    }

    /** Adds the fields to the views of a message, which hold them as a map. */
    void completeViews(Map<String, Schema> schemas) {
        schemas.values().forEach(it -> {
            Map<?, ?> properties = it.getProperties();
            if (properties != null && properties.containsKey("attemptCount")) {
                it.setAdditionalProperties(null);
                fields().forEach((name, schema) -> it.addProperty(name, schema(schema)));
            }
        });
    }

    /** The fields of all channels; where two have one of the same name, it is described for both. */
    private Map<String, Map<String, Object>> fields() {
        Map<String, Map<String, Object>> fields = new LinkedHashMap<>();
        for (Channel<Content> channel : channels.all()) {
            for (Field<Content, ?> field : channel.form().fields()) {
                fields.merge(field.name(), described(channel, field), MessageSchemas::both);
            }
        }
        return fields;
    }

    private Map<String, Object> described(Channel<Content> channel, Field<Content, ?> field) {
        Map<String, Object> schema = new LinkedHashMap<>(field.jsonSchema());
        if (channels.names().size() > 1) {
            schema.merge("description", channel.name(), (said, _) -> channel.name() + ": " + said);
        }
        return schema;
    }

    private static Map<String, Object> both(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> both = new LinkedHashMap<>(one);
        both.keySet().retainAll(other.keySet());
        both.entrySet()
                .removeIf(it ->
                        !it.getKey().equals("description") && !it.getValue().equals(other.get(it.getKey())));
        both.computeIfPresent("description", (_, said) -> said + "; " + other.get("description"));
        return both;
    }

    /** What no message of any channel is valid without. */
    private List<String> required() {
        return channels.all().stream()
                .map(it -> it.form().fields().stream()
                        .filter(Field::required)
                        .map(Field::name)
                        .toList())
                .reduce((one, other) -> one.stream().filter(other::contains).toList())
                .orElse(List.of());
    }

    private static Schema<?> schema(Map<String, Object> schema) {
        JsonNode json = JSON.valueToTree(schema);
        try {
            return Json31.mapper().readValue(json.toString(), Schema.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A form's field has no valid JSON Schema", e);
        }
    }
}
