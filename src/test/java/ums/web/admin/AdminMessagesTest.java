package ums.web.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsStory;

/** Admins see the messages of all clients, with the client's name. */
class AdminMessagesTest extends UmsStory {

    @Test
    void messagesOfAllClientsAreFound() {
        String reference = "admin:" + UUID.randomUUID();
        UUID one = send("one-" + reference.hashCode(), reference);
        UUID two = send("two-" + reference.hashCode(), reference);

        JsonNode both = list("reference=" + reference);
        assertThat(both).extracting(it -> it.get("id").stringValue()).containsExactly(two.toString(), one.toString());
        assertThat(both.get(0).has("text")).isFalse();
        JsonNode ones = list("reference=" + reference + "&client=one-" + reference.hashCode());
        assertThat(ones).extracting(it -> it.get("id").stringValue()).containsExactly(one.toString());
        assertThat(list("status=EXPIRED&reference=" + reference)).isEmpty();

        JsonNode message = ums.admin("GET", "/admin/messages/" + one, null).json();
        assertThat(message.get("client").stringValue()).isEqualTo("one-" + reference.hashCode());
        assertThat(message.get("text").stringValue()).isEqualTo("A text");
        assertThat(ums.admin("GET", "/admin/messages/" + one + "/events", null)
                        .json()
                        .get("data")
                        .get(0)
                        .get("type")
                        .stringValue())
                .isEqualTo("accepted");
        assertThat(ums.admin("GET", "/admin/messages/" + UUID.randomUUID(), null)
                        .code())
                .isEqualTo("NOT_FOUND");
    }

    private UUID send(String client, String reference) {
        String key = ums.newKey("{\"client\": \"" + client + "\"}");
        return ums.send(key, Messages.to("a@example.com", Map.of("reference", reference)))
                .id();
    }

    private JsonNode list(String query) {
        return ums.admin("GET", "/admin/messages?" + query, null).json().get("data");
    }
}
