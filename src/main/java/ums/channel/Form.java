package ums.channel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The fields of a channel's content. The reader of requests, the stored form, the API's views and its description all come from
 * it. Immutable.
 *
 * @param <C> the channel's content
 */
public final class Form<C extends Content> {

    private final List<Field<C, ?>> fields;
    private final Map<String, Field<C, ?>> byName;
    private final Function<Values, C> constructor;

    /**
     * @param constructor makes a content from the values of the fields
     * @param fields in the sequence in which the API shows them
     */
    @SafeVarargs
    public Form(Function<Values, C> constructor, Field<C, ?>... fields) {
        this.fields = List.of(fields);
        this.byName = this.fields.stream().collect(Collectors.toUnmodifiableMap(Field::name, Function.identity()));
        this.constructor = constructor;
    }

    /** The fields, in the sequence in which the API shows them. */
    public List<Field<C, ?>> fields() {
        return fields;
    }

    /** The names of the fields. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Reads a content from a request, which collects the faults. */
    public C read(Fields request) {
        Values values = new Values();
        for (Field<C, ?> each : fields) {
            values.put(each.name(), each.type().read(request, each.name()));
        }
        return constructor.apply(values);
    }

    /** The stored form of a content. A field without a value is left out. */
    public Content.Stored stored(C content) {
        return new Content.Stored(write(content, true), write(content, false));
    }

    private String write(C content, boolean summary) {
        return StoredTokens.write(out -> {
            out.writeStartObject();
            for (Field<C, ?> each : fields) {
                if (each.summary() == summary) {
                    write(out, each, content);
                }
            }
            out.writeEndObject();
        });
    }

    private static <C extends Content, T> void write(JsonGenerator out, Field<C, T> field, C content) {
        T value = field.value().apply(content);
        if (value != null) {
            field.type().write(out, field.name(), value);
        }
    }

    /**
     * Reads a stored content. Fields that it does not know are skipped: another version has written them.
     *
     * @param summary the part that lists show
     * @param rest the rest, or null if the query left it out; its fields have no value then
     * @throws RuntimeException where it cannot be read
     */
    public C stored(String summary, @Nullable String rest) {
        // Concatenated, for one parser: making a second one costs more than the reading.
        return StoredTokens.read(rest == null ? summary : summary + rest, in -> {
            Values values = new Values();
            parse(in, values);
            if (rest != null) {
                in.nextToken();
                parse(in, values);
            }
            return constructor.apply(values);
        });
    }

    private void parse(JsonParser in, Values values) {
        StoredTokens.expect(in, JsonToken.START_OBJECT);
        StoredTokens.object(in, name -> {
            Field<C, ?> field = byName.get(name);
            if (field == null) {
                in.skipChildren();
            } else {
                values.put(name, field.type().parse(in));
            }
        });
    }

    /**
     * The fields as the API shows them.
     *
     * @param whole false leaves out those that can be long
     */
    public Map<String, Object> view(C content, boolean whole) {
        Map<String, Object> view = new LinkedHashMap<>();
        for (Field<C, ?> each : fields) {
            Object value = each.value().apply(content);
            if (each.summary() || (whole && value != null)) {
                view.put(each.name(), value);
            }
        }
        return view;
    }

    /** The values of a form's fields by name. */
    public static final class Values {

        private final Map<String, Object> byName = new LinkedHashMap<>();

        private Values() {}

        private void put(String name, @Nullable Object value) {
            if (value != null) {
                byName.put(name, value);
            }
        }

        /** A {@link FieldType#TEXT}, or null. */
        public @Nullable String text(String name) {
            return (String) byName.get(name);
        }

        /** A {@link FieldType#TEXTS}; empty if it is absent. */
        @SuppressWarnings("unchecked")
        public List<String> texts(String name) {
            return (List<String>) byName.getOrDefault(name, List.of());
        }

        /** A {@link FieldType#MAP}; empty if it is absent. */
        @SuppressWarnings("unchecked")
        public Map<String, String> map(String name) {
            return (Map<String, String>) byName.getOrDefault(name, Map.of());
        }
    }
}
