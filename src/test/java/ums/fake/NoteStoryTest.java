package ums.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import ums.ConsolePages;
import ums.UmsClient.Answer;
import ums.UmsStory;
import ums.provider.Outcome;

/**
 * A channel and a provider's type of two other classes go the whole way: accepting, sending, fail-over, timeline, console,
 * metrics, description. Nothing of the service knows them.
 */
@TestPropertySource(
        properties = {
            "ums.providers.p1.type=pager",
            "ums.providers.p1.line=first line",
            "ums.providers.p2.type=pager",
            "ums.providers.p2.line=second line",
            "ums.routes.note=p1,p2"
        })
class NoteStoryTest extends UmsStory {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    private Pager pager;

    private String key;

    @BeforeEach
    void begin() {
        key = ums.newKey();
        pager.reset();
    }

    @Test
    void aNoteIsAcceptedSentAndShown() {
        UUID id = note("~Kim", "물을 마셔요");

        JsonNode sent = ended(id, "SENT");
        assertThat(sent.get("channel").stringValue()).isEqualTo("note");
        assertThat(sent.get("note").stringValue()).isEqualTo("물을 마셔요");
        assertThat(sent.get("labels").get("for").stringValue()).isEqualTo("health");
        assertThat(sent.get("provider").stringValue()).isEqualTo("p1");
        assertThat(sent.has("subject")).isFalse();
        assertThat(sent.at("/recipients/0/address").stringValue()).isEqualTo("~kim");
        assertThat(pager.taken("p1")).containsExactly("~kim: 물을 마셔요");
        assertThat(types(id)).containsExactly("accepted", "sent");

        JsonNode listed = ums.get(key, "/api/messages?channel=note").json().at("/data/0");
        assertThat(listed.at("/to/0").stringValue()).isEqualTo("~Kim");
        assertThat(listed.has("note")).as("it can be long").isFalse();
    }

    @Test
    void theSecondAccountTakesWhatTheFirstCannot() {
        pager.script("p1", () -> new Outcome.Disconnected("CONNECT", "no line", null));

        UUID id = note("~kim", "hello");

        assertThat(ended(id, "SENT").get("provider").stringValue()).isEqualTo("p2");
        assertThat(ended(id, "SENT").get("attemptCount").intValue()).isEqualTo(1);
        assertThat(ums.actuator("/actuator/prometheus").text())
                .containsPattern("messages_settled_total\\{.*channel=\"note\",.*provider=\"p2\"")
                .containsPattern(
                        "send_failures_total\\{channel=\"note\",.*provider=\"p1\",.*type=\"CONNECTION\"\\} [1-9]")
                .containsPattern("provider_available\\{.*provider=\"p1\"");
    }

    @Test
    void theSecondAccountNeverSeesWhatTheFirstMayHave() {
        pager.script("p1", () -> new Outcome.Unknown("REPLY", "the line went dead"));

        UUID id = note("~kim", "only once");

        JsonNode review = ended(id, "MANUAL_REVIEW");
        assertThat(review.at("/lastError/type").stringValue()).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(review.at("/lastError/provider").stringValue()).isEqualTo("p1");
        assertThat(pager.taken("p2")).isEmpty();
        assertThat(types(id)).containsExactly("accepted", "review");
    }

    @Test
    void whatItsRulesRefuseIsNamedByItsOwnFields() {
        Answer refused = ums.send(key, """
                {"channel": "note", "to": ["~kim", "kim@example.com"], "note": " ", "subject": "no"}""");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly("/subject");
        assertThat(ums.send(key, """
                {"channel": "note", "to": ["~kim", "kim@example.com"], "note": " "}""").pointers()).containsExactly("/to/1", "/note");
        assertThat(ums.send(key, """
                {"channel": "email", "to": ["kim@example.com"], "subject": "s", "text": "t"}""").code())
                .as("no account takes e-mails here")
                .isEqualTo("CHANNEL_NOT_AVAILABLE");
    }

    @Test
    void aTestKeysNoteStaysInTheInbox() {
        String test = ums.newKey("""
                {"client": "client-%s", "mode": "test"}""".formatted(UUID.randomUUID()));
        String nick = "~" + UUID.randomUUID();
        Answer accepted = ums.send(test, body(nick, "안녕"));
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);

        await().untilAsserted(() -> assertThat(ums.inbox(nick)).hasSize(1));
        assertThat(ums.inbox(nick).getFirst().get("text").stringValue().strip()).isEqualTo("안녕");
        assertThat(pager.taken("p1")).isEmpty();
    }

    @Test
    void itIsSearchedForInAnySpellingAndSentOnlyAsTheKeyMay() {
        String nick = "~" + UUID.randomUUID();
        UUID id = note(nick, "hello");
        note("~kim", "to somebody else");
        assertThat(new ConsolePages(ums).get("/console/messages?q=" + nick.toUpperCase(Locale.ROOT)))
                .contains(id.toString())
                .doesNotContain("~kim");

        String mine = ums.newKey("""
                {"client": "client-%s", "from": [" ~Shop "]}""".formatted(UUID.randomUUID()));
        assertThat(ums.send(
                                mine,
                                JSON.writeValueAsString(
                                        Map.of("channel", "note", "to", List.of("~kim"), "note", "hi", "as", "~SHOP")))
                        .status())
                .isEqualTo(202);
        assertThat(ums.send(mine, body("~kim", "hi")).code()).isEqualTo("FROM_NOT_ALLOWED");
    }

    @Test
    void aPreferenceHoldsForAllSpellingsOfItsAddress() {
        String nick = "~" + UUID.randomUUID();

        Answer set = ums.admin(
                "PUT",
                "/admin/contact-preferences",
                "{\"recipient\": \"" + nick.toUpperCase(Locale.ROOT) + "\", \"blockedChannels\": [\"note\"]}");

        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.json().get("recipient").stringValue()).isEqualTo(nick);
    }

    @Test
    void itsFieldsAreInTheDescription() {
        JsonNode schemas = ums.get(key, "/openapi.json").json().at("/components/schemas");

        for (String schema : List.of("NewMessage", "NewBatchMessage", "MessageView")) {
            JsonNode properties = schemas.get(schema).get("properties");
            assertThat(properties.propertyNames()).as(schema).contains("note", "labels", "subject", "to", "reference");
            assertThat(properties.at("/to/description").stringValue())
                    .isEqualTo("email: 1 to 100 recipients in to, cc and bcc together; note: nicknames");
        }
        assertThat(schemas.at("/NewMessage/required").toString()).isEqualTo("[\"to\"]");
        assertThat(schemas.at("/NewMessage/properties/channel/enum").toString()).isEqualTo("[\"email\",\"note\"]");
    }

    @Test
    void theConsoleShowsIt() {
        UUID id = note("~kim", "콘솔에서도 보여요");
        ended(id, "SENT");

        ConsolePages console = new ConsolePages(ums);
        assertThat(console.get("/console/messages/" + id)).contains("콘솔에서도 보여요", "~kim");
        assertThat(console.get("/console/messages")).contains("a note");
    }

    private UUID note(String to, String text) {
        Answer accepted = ums.send(key, body(to, text));
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        return accepted.id();
    }

    private static String body(String to, String text) {
        return JSON.writeValueAsString(Map.of(
                "channel",
                "note",
                "to",
                List.of(to),
                "note",
                text,
                "labels",
                Map.of("for", "health"),
                "onUnknown",
                "REVIEW"));
    }

    private JsonNode ended(UUID id, String status) {
        await().untilAsserted(
                        () -> assertThat(whole(id).get("status").stringValue()).isEqualTo(status));
        return whole(id);
    }

    private JsonNode whole(UUID id) {
        return ums.get(key, "/api/messages/" + id).json();
    }

    private List<String> types(UUID id) {
        return ums.get(key, "/api/messages/" + id + "/events")
                .json()
                .get("data")
                .valueStream()
                .map(it -> it.get("type").stringValue())
                .toList();
    }

    @TestConfiguration
    static class Fakes {

        @Bean
        NoteChannel noteChannel() {
            return new NoteChannel();
        }

        @Bean
        Pager pager() {
            return new Pager();
        }
    }
}
