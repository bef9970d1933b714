package ums.channel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A field of a channel's form.
 *
 * @param name its name in the API and in the ledger
 * @param type how its value is read and written
 * @param value takes the value from a content; null where the content has none
 * @param summary whether lists show it; else it can be long, and is stored and read apart
 * @param required whether no message is valid without it
 * @param schema what its JSON Schema says beside the type, for instance its description
 * @param <C> the channel's content
 * @param <T> the value
 */
public record Field<C extends Content, T>(
        String name,
        FieldType<T> type,
        Function<C, ? extends @Nullable T> value,
        boolean summary,
        boolean required,
        Map<String, Object> schema) {

    /** A field that can be long. */
    public static <C extends Content, T> Field<C, T> of(
            String name, FieldType<T> type, Function<C, ? extends @Nullable T> value) {
        return new Field<>(name, type, value, false, false, Map.of());
    }

    /** The same, shown in lists. */
    public Field<C, T> inSummary() {
        return new Field<>(name, type, value, true, required, schema);
    }

    /** The same, required. */
    public Field<C, T> asRequired() {
        return new Field<>(name, type, value, summary, true, schema);
    }

    /** The same with one more keyword of JSON Schema, for the description of the API; the channel's rules enforce it. */
    public Field<C, T> with(String keyword, Object says) {
        Map<String, Object> more = new LinkedHashMap<>(schema);
        more.put(keyword, says);
        return new Field<>(name, type, value, summary, required, more);
    }

    /** The same with a description for people. */
    public Field<C, T> describedAs(String description) {
        return with("description", description);
    }

    /** Its JSON Schema. */
    public Map<String, Object> jsonSchema() {
        Map<String, Object> whole = new LinkedHashMap<>(type.jsonSchema());
        whole.putAll(schema);
        return whole;
    }
}
