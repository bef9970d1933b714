package ums.web.api;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import ums.access.ApiKey;
import ums.channel.Content;
import ums.channel.InvalidContentException;
import ums.channel.Violation;
import ums.message.Idempotency;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.Sender;
import ums.outbox.Priority;
import ums.web.Fields;
import ums.web.JsonBody;
import ums.web.ProblemException;

/** Reads the body of {@code POST /api/messages}: what is not a message by its form goes no further. */
@Component
class MessageReader {

    private static final String DEFAULT_CHANNEL = "email";
    private static final Set<String> FIELDS = Set.of(
            "channel",
            "to",
            "cc",
            "bcc",
            "replyTo",
            "from",
            "subject",
            "text",
            "html",
            "headers",
            "reference",
            "tags",
            "purpose",
            "priority",
            "scheduledAt",
            "expiresAt",
            "onUnknown");

    private final JsonBody bodies;

    MessageReader(JsonBody bodies) {
        this.bodies = bodies;
    }

    /**
     * @param idempotencyKey as the header says it, or null
     * @throws ProblemException where the body is no JSON object
     * @throws InvalidContentException where its members are not of the form they must have
     */
    NewMessage read(byte[] body, ApiKey key, @Nullable String idempotencyKey) {
        JsonNode message = bodies.parse(body);
        Idempotency idempotency =
                idempotencyKey == null ? null : new Idempotency(idempotencyKey, RequestHash.of(message));
        return read(message, key, idempotency);
    }

    private static NewMessage read(JsonNode message, ApiKey key, @Nullable Idempotency idempotency) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(message, violations);
        fields.allowOnly(FIELDS);
        String channel = requireNonNullElse(fields.text("channel"), DEFAULT_CHANNEL);
        Content content = new Content(
                fields.text("from"),
                fields.texts("to"),
                fields.texts("cc"),
                fields.texts("bcc"),
                fields.text("replyTo"),
                fields.text("subject"),
                fields.text("text"),
                fields.text("html"),
                fields.map("headers"));
        Options options = new Options(
                fields.text("reference"),
                fields.map("tags"),
                requireNonNullElse(fields.oneOf("purpose", Purpose.class), Purpose.NORMAL),
                requireNonNullElse(fields.oneOf("priority", Priority.class), Priority.NORMAL),
                fields.instant("scheduledAt"),
                fields.instant("expiresAt"),
                fields.oneOf("onUnknown", OnUnknown.class));
        if (!violations.isEmpty()) {
            throw new InvalidContentException(violations);
        }
        return new NewMessage(
                new Sender(key.client(), key.mode() == ApiKey.Mode.TEST, key.from()),
                channel,
                content,
                options,
                idempotency);
    }
}
