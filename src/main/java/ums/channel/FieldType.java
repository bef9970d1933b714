package ums.channel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * How the values of a field are read from a request, written to the ledger and read back.
 *
 * @param <T> the value
 */
public interface FieldType<T> {

    /** The value in a request, or null; a fault is collected by the request. */
    @Nullable T read(Fields request, String name);

    /** Writes a value as a property; one that is empty is left out. */
    void write(JsonGenerator out, String name, T value);

    /**
     * Reads a written value, with the parser at its first token.
     *
     * @throws RuntimeException where it is of another shape
     */
    T parse(JsonParser in);

    /** The type in JSON Schema. */
    Map<String, Object> jsonSchema();

    /** A string. */
    FieldType<String> TEXT = new FieldType<>() {
        @Override
        public @Nullable String read(Fields request, String name) {
            return request.text(name);
        }

        @Override
        public void write(JsonGenerator out, String name, String value) {
            out.writeStringProperty(name, value);
        }

        @Override
        public String parse(JsonParser in) {
            return StoredTokens.text(in);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "string");
        }
    };

    /** An array of strings. */
    FieldType<List<String>> TEXTS = new FieldType<>() {
        @Override
        public List<String> read(Fields request, String name) {
            return request.texts(name);
        }

        @Override
        public void write(JsonGenerator out, String name, List<String> value) {
            if (!value.isEmpty()) {
                out.writeArrayPropertyStart(name);
                value.forEach(out::writeString);
                out.writeEndArray();
            }
        }

        @Override
        public List<String> parse(JsonParser in) {
            return StoredTokens.texts(in);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "array", "items", TEXT.jsonSchema());
        }
    };

    /** An object of strings, in the caller's order. */
    FieldType<Map<String, String>> MAP = new FieldType<>() {
        @Override
        public Map<String, String> read(Fields request, String name) {
            return request.map(name);
        }

        @Override
        public void write(JsonGenerator out, String name, Map<String, String> value) {
            if (!value.isEmpty()) {
                out.writeObjectPropertyStart(name);
                value.forEach(out::writeStringProperty);
                out.writeEndObject();
            }
        }

        @Override
        public Map<String, String> parse(JsonParser in) {
            StoredTokens.expect(in, JsonToken.START_OBJECT);
            Map<String, String> map = new LinkedHashMap<>();
            StoredTokens.object(in, name -> map.put(name, StoredTokens.text(in)));
            return map;
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "object", "additionalProperties", TEXT.jsonSchema());
        }
    };
}
