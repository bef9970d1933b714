package ums.web.api;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import ums.access.ApiKey;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.Fields;
import ums.channel.Form;
import ums.channel.InvalidContentException;
import ums.channel.Violation;
import ums.message.Idempotency;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.Sender;
import ums.queue.Priority;
import ums.web.JsonBody;

/** Parses a message from the body of {@code POST /api/messages} or from an item of a batch, and checks its form. */
@Component
public class MessageReader {

    private static final String DEFAULT_CHANNEL = "email";
    private static final Set<String> OPTIONS = Set.of(
            "channel", "reference", "tags", "purpose", "priority", "scheduledAt", "expiresAt", "onUnknown", "provider");

    private final JsonBody bodies;
    private final Channels channels;

    MessageReader(JsonBody bodies, Channels channels) {
        this.bodies = bodies;
        this.channels = channels;
    }

    /**
     * @param idempotencyKey the header's value, or null
     * @throws ProblemException 400 if the body is not a JSON object or the key is invalid
     * @throws InvalidContentException if members are not of the required form
     */
    NewMessage read(byte[] body, ApiKey key, @Nullable String idempotencyKey) {
        String parsedKey = IdempotencyKey.ofHeader(idempotencyKey);
        JsonNode message = bodies.parse(body);
        return read(message, key, idempotency(parsedKey, message));
    }

    /**
     * A message that was not sent with an API key.
     *
     * @throws InvalidContentException if members are not of the required form
     */
    public NewMessage read(JsonNode message, Sender sender) {
        return read(message, sender, null);
    }

    /**
     * An item of a batch, which may carry its own key in {@code idempotencyKey}.
     *
     * @throws ProblemException 400 if it is not a JSON object or its key is invalid
     * @throws InvalidContentException if members are not of the required form
     */
    NewMessage readItem(JsonNode item, ApiKey key) {
        if (!(item instanceof ObjectNode message)) {
            throw JsonBody.malformed("The message must be a JSON object.");
        }
        JsonNode idempotencyKey = message.remove("idempotencyKey");
        if (idempotencyKey == null || idempotencyKey.isNull()) {
            return read(message, key, null);
        }
        String parsedKey = IdempotencyKey.ofItem(idempotencyKey.isString() ? idempotencyKey.stringValue() : null);
        return read(message, key, idempotency(parsedKey, message));
    }

    /** Whether a text has 1 to {@code max} characters, no control characters and no unpaired surrogates. */
    static boolean printable(String text, int max) {
        return !text.isEmpty()
                && text.length() <= max
                && text.codePoints()
                        .noneMatch(it -> Character.isISOControl(it) || Character.getType(it) == Character.SURROGATE);
    }

    /** The key with a digest of the request, or null if there is no key. */
    static @Nullable Idempotency idempotency(@Nullable String key, JsonNode message) {
        return key == null ? null : new Idempotency(key, RequestHash.of(message));
    }

    private NewMessage read(JsonNode message, ApiKey key, @Nullable Idempotency idempotency) {
        return read(message, sender(key), idempotency);
    }

    private NewMessage read(JsonNode message, Sender sender, @Nullable Idempotency idempotency) {
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(message, violations);
        String channel = requireNonNullElse(fields.text("channel"), DEFAULT_CHANNEL);
        Content content =
                channels.find(channel).map(it -> content(it.form(), fields)).orElse(null);
        if (content == null) {
            violations.add(new Violation(
                    "/channel", "is not a channel of this service; there is " + String.join(", ", channels.names())));
        }
        Options options = new Options(
                fields.text("reference"),
                fields.map("tags"),
                requireNonNullElse(fields.oneOf("purpose", Purpose.class), Purpose.NORMAL),
                requireNonNullElse(fields.oneOf("priority", Priority.class), Priority.NORMAL),
                fields.instant("scheduledAt"),
                fields.instant("expiresAt"),
                fields.oneOf("onUnknown", OnUnknown.class));
        String provider = fields.text("provider");
        if (content == null || !violations.isEmpty()) {
            throw new InvalidContentException(violations);
        }
        return new NewMessage(sender, channel, content, options, idempotency, provider);
    }

    private static Content content(Form<Content> form, Fields fields) {
        fields.allowOnly(it -> OPTIONS.contains(it) || form.names().contains(it));
        return form.read(fields);
    }

    /** The sender that an API key stands for. */
    static Sender sender(ApiKey key) {
        return new Sender(key.client(), key.mode() == ApiKey.Mode.TEST, key.from());
    }
}
