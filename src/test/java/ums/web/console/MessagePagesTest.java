package ums.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import ums.ConsolePages;
import ums.Messages;
import ums.UmsStory;

/** What the console finds of messages, and what it shows of one that this process cannot read. */
class MessagePagesTest extends UmsStory {

    private static final String LATER = "2099-01-01T00:00:00Z";

    @Autowired
    private JdbcClient jdbc;

    private String key;
    private ConsolePages console;

    @BeforeEach
    void begin() {
        key = ums.newKey();
        console = new ConsolePages(ums);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s@한국.example",
                "%s@xn--3e0b707e.example",
                "%S@XN--3E0B707E.Example",
                "Kim <%s@한국.example>",
                " \"Kim, Min\" <%s@한국.example> "
            })
    void aRecipientIsFoundInAnySpelling(String spelling) {
        String local = "kim" + UUID.randomUUID();
        UUID id = later(local + "@한국.example");

        assertThat(search(spelling.formatted(local))).contains(id.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"@", "%@%", "\"a b\"@x.example", "김@한국.kr", "a@b@c", "kim@\u200b.example", "<kim@example.com"})
    void anAddressThatNobodyHasFindsNothing(String text) {
        UUID id = later("su@example.com");

        assertThat(search(text)).doesNotContain(id.toString());
    }

    @Test
    void aMessageOfAChannelThatThisProcessLacksIsShownAndCanBeCanceled() {
        UUID id = later("kim@example.com");
        for (String table : new String[] {"message", "outbox"}) {
            jdbc.sql("update " + table + " set channel = 'fax' where "
                            + (table.equals("message") ? "id" : "aggregate_id") + " = :id")
                    .param("id", id)
                    .update();
        }

        assertThat(console.get("/console/messages")).contains(id.toString());
        assertThat(console.get("/console/messages/" + id)).contains("kim@example.com");
        assertThat(console.get("/console/messages/" + id + "?view=raw")).contains("kim@example.com");
        assertThat(console.get("/console/messages/" + id + "/progress")).isNotEmpty();
        assertThat(console.get("/console")).isNotEmpty();
        JsonNode listed = ums.get(key, "/api/messages?channel=fax").json().at("/data/0");
        assertThat(listed.get("id").stringValue()).isEqualTo(id.toString());
        assertThat(ums.admin("GET", "/admin/messages/" + id + "/events", null).status())
                .isEqualTo(200);
        assertThat(ums.call("POST", "/api/messages/" + id + "/cancel", "Bearer " + key, null)
                        .status())
                .isEqualTo(200);
    }

    private UUID later(String recipient) {
        return ums.send(key, Messages.to(recipient, Map.of("scheduledAt", LATER)))
                .id();
    }

    private String search(String text) {
        return console.get("/console/messages?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }
}
