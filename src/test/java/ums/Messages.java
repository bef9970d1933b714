package ums;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Request bodies for {@code POST /api/messages}. */
public final class Messages {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Messages() {}

    /** A minimal message. */
    public static String to(String address) {
        return to(address, Map.of());
    }

    /** A minimal message with additional members. */
    public static String to(String address, Map<String, ?> more) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("to", List.of(address));
        message.put("subject", "A subject");
        message.put("text", "A text");
        message.putAll(more);
        return JSON.writeValueAsString(message);
    }
}
