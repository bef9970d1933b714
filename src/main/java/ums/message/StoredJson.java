package ums.message;

import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.Content;
import ums.channel.Failure;
import ums.channel.Recipient;

/**
 * Writes and reads the JSON columns that every message needs, token by token: Jackson's data binding took a twelfth of the
 * processor time of sending, and a sixth of the compiler's work during warm-up. A member without a value is left out; rows of
 * older versions have it as null.
 */
final class StoredJson {

    private static final int USUAL_LENGTH = 256;

    private final JsonMapper mapper;

    StoredJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** The part of a content that lists show. */
    String summary(Content content) {
        return write(out -> {
            out.writeStartObject();
            put(out, "from", content.from());
            put(out, "to", content.to());
            put(out, "cc", content.cc());
            put(out, "bcc", content.bcc());
            put(out, "replyTo", content.replyTo());
            put(out, "subject", content.subject());
            out.writeEndObject();
        });
    }

    /** The rest of a content, which can be long. */
    String content(Content content) {
        return write(out -> {
            out.writeStartObject();
            put(out, "text", content.text());
            put(out, "html", content.html());
            if (!content.headers().isEmpty()) {
                out.writeObjectPropertyStart("headers");
                content.headers().forEach(out::writeStringProperty);
                out.writeEndObject();
            }
            out.writeEndObject();
        });
    }

    /**
     * Reads a content.
     *
     * @param summary the part that lists show
     * @param content the rest, or null if the query left it out
     */
    Content content(String summary, @Nullable String content) {
        // Concatenated, for one parser: making a second one costs more than the reading.
        return read(content == null ? summary : summary + content, in -> {
            ContentParts parts = new ContentParts();
            read(in, parts);
            if (content != null) {
                in.nextToken();
                read(in, parts);
            }
            return parts.whole();
        });
    }

    private static void read(JsonParser in, ContentParts parts) {
        expect(in, JsonToken.START_OBJECT);
        object(in, name -> {
            switch (name) {
                case "from" -> parts.from = text(in);
                case "to" -> parts.to = strings(in);
                case "cc" -> parts.cc = strings(in);
                case "bcc" -> parts.bcc = strings(in);
                case "replyTo" -> parts.replyTo = text(in);
                case "subject" -> parts.subject = text(in);
                case "text" -> parts.text = text(in);
                case "html" -> parts.html = text(in);
                case "headers" -> {
                    expect(in, JsonToken.START_OBJECT);
                    object(in, header -> parts.headers.put(header, text(in)));
                }
                default -> in.skipChildren();
            }
        });
    }

    String recipients(List<RecipientState> recipients) {
        return write(out -> {
            out.writeStartArray();
            for (RecipientState each : recipients) {
                out.writeStartObject();
                put(out, "address", each.address());
                put(out, "kind", each.kind().name());
                put(out, "status", each.status().name());
                put(out, "code", each.code());
                put(out, "reply", each.reply());
                put(out, "at", each.at());
                put(out, "provider", each.provider());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    List<RecipientState> recipients(String json) {
        return read(json, in -> {
            List<RecipientState> recipients = new ArrayList<>();
            expect(in, JsonToken.START_ARRAY);
            while (in.nextToken() == JsonToken.START_OBJECT) {
                recipients.add(recipient(in));
            }
            expect(in, JsonToken.END_ARRAY);
            if (recipients.isEmpty()) {
                throw new IllegalStateException("a message without recipients");
            }
            return recipients;
        });
    }

    private static RecipientState recipient(JsonParser in) {
        RecipientParts parts = new RecipientParts();
        object(in, name -> {
            switch (name) {
                case "address" -> parts.address = text(in);
                case "kind" -> parts.kind = Recipient.Kind.valueOf(in.getString());
                case "status" -> parts.status = RecipientState.Status.valueOf(in.getString());
                case "code" -> parts.code = text(in);
                case "reply" -> parts.reply = text(in);
                case "at" -> parts.at = Instant.parse(in.getString());
                case "provider" -> parts.provider = text(in);
                default -> in.skipChildren();
            }
        });
        return parts.whole();
    }

    String event(TimelineEvent event) {
        Failure error = event.error();
        return write(out -> {
            out.writeStartObject();
            put(out, "type", event.type());
            put(out, "at", event.at());
            put(out, "attempt", event.attempt());
            if (error != null) {
                out.writeObjectPropertyStart("error");
                put(out, "type", error.type().name());
                put(out, "code", error.code());
                put(out, "phase", error.phase());
                put(out, "text", error.text());
                put(out, "provider", error.provider());
                out.writeEndObject();
            }
            put(out, "code", event.code());
            put(out, "reply", event.reply());
            put(out, "provider", event.provider());
            out.writeEndObject();
        });
    }

    private String write(Consumer<JsonGenerator> what) {
        StringWriter text = new StringWriter(USUAL_LENGTH);
        try (JsonGenerator out = mapper.createGenerator(text)) {
            what.accept(out);
        }
        return text.toString();
    }

    private <T> T read(String json, Function<JsonParser, T> what) {
        try (JsonParser in = mapper.createParser(json)) {
            in.nextToken();
            T read = what.apply(in);
            if (in.nextToken() != null) {
                throw new IllegalStateException("more than one value");
            }
            return read;
        }
    }

    /** A value of another shape is an error, as it must not be read as empty. */
    private static void expect(JsonParser in, JsonToken token) {
        if (in.currentToken() != token) {
            throw new IllegalStateException(in.currentToken() + " instead of " + token);
        }
    }

    private static String text(JsonParser in) {
        expect(in, JsonToken.VALUE_STRING);
        return in.getString();
    }

    /** Calls the consumer for each property, with the parser at its value; properties that are null are skipped. */
    private static void object(JsonParser in, Consumer<String> property) {
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = in.currentName();
            if (in.nextToken() != JsonToken.VALUE_NULL) {
                property.accept(name);
            }
        }
        expect(in, JsonToken.END_OBJECT);
    }

    private static List<String> strings(JsonParser in) {
        List<String> strings = new ArrayList<>();
        expect(in, JsonToken.START_ARRAY);
        while (in.nextToken() == JsonToken.VALUE_STRING) {
            strings.add(in.getString());
        }
        expect(in, JsonToken.END_ARRAY);
        return strings;
    }

    private static void put(JsonGenerator out, String name, @Nullable String value) {
        if (value != null) {
            out.writeStringProperty(name, value);
        }
    }

    private static void put(JsonGenerator out, String name, @Nullable Integer value) {
        if (value != null) {
            out.writeNumberProperty(name, value);
        }
    }

    private static void put(JsonGenerator out, String name, @Nullable Instant value) {
        put(out, name, value == null ? null : value.toString());
    }

    private static void put(JsonGenerator out, String name, List<String> values) {
        if (!values.isEmpty()) {
            out.writeArrayPropertyStart(name);
            values.forEach(out::writeString);
            out.writeEndArray();
        }
    }

    /** The members of a content that are read so far. */
    private static final class ContentParts {

        private @Nullable String from;
        private List<String> to = List.of();
        private List<String> cc = List.of();
        private List<String> bcc = List.of();
        private @Nullable String replyTo;
        private @Nullable String subject;
        private @Nullable String text;
        private @Nullable String html;
        private final Map<String, String> headers = new LinkedHashMap<>();

        private Content whole() {
            return new Content(from, to, cc, bcc, replyTo, subject, text, html, headers);
        }
    }

    /** The members of a recipient that are read so far. */
    private static final class RecipientParts {

        private @Nullable String address;
        private Recipient.@Nullable Kind kind;
        private RecipientState.@Nullable Status status;
        private @Nullable String code;
        private @Nullable String reply;
        private @Nullable Instant at;
        private @Nullable String provider;

        private RecipientState whole() {
            if (address == null || kind == null || status == null) {
                throw new IllegalStateException("a recipient without address, kind or status");
            }
            return new RecipientState(address, kind, status, code, reply, at, provider);
        }
    }
}
