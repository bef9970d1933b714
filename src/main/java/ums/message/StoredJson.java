package ums.message;

import static ums.channel.StoredTokens.expect;
import static ums.channel.StoredTokens.object;
import static ums.channel.StoredTokens.read;
import static ums.channel.StoredTokens.text;
import static ums.channel.StoredTokens.write;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.Failure;
import ums.channel.Recipient;

/** The JSON columns of recipients and of events. A member without a value is left out; rows of older versions have it as null. */
final class StoredJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private StoredJson() {}

    static String tags(Map<String, String> tags) {
        return MAPPER.writeValueAsString(tags);
    }

    static String failure(Failure error) {
        return MAPPER.writeValueAsString(error);
    }

    static String recipients(List<RecipientState> recipients) {
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

    static List<RecipientState> recipients(String json) {
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

    static String event(TimelineEvent event) {
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
