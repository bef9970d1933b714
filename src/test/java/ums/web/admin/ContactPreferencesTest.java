package ums.web.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import ums.UmsClient;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Admins record customers' contact preferences. */
class ContactPreferencesTest extends UmsStory {

    private static final String PATH = "/admin/contact-preferences";
    private final String recipient = "Kim." + UUID.randomUUID() + "@Example.com";

    @Test
    void aPreferenceIsFoundUnderAnySpellingUntilItIsReplaced() {
        assertThat(find(recipient).status()).isEqualTo(404);

        Answer set = set(
                "[{\"day\": \"MONDAY\", \"from\": \"09:00\", \"to\": \"12:30\"},"
                        + " {\"day\": \"SUNDAY\", \"from\": \"00:00\", \"to\": \"24:00\"}]",
                "[\"email\"]");

        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.text())
                .isEqualTo("{\"recipient\":\"" + recipient.toLowerCase(Locale.ROOT)
                        + "\",\"blocked\":[{\"day\":\"MONDAY\",\"from\":\"09:00\",\"to\":\"12:30\"},"
                        + "{\"day\":\"SUNDAY\",\"from\":\"00:00\",\"to\":\"24:00\"}],\"blockedChannels\":[\"email\"]}");
        assertThat(find(recipient.toUpperCase(Locale.ROOT)).json()).isEqualTo(set.json());

        set("[]", "[]");
        assertThat(find(recipient).json().get("blocked")).isEmpty();
        assertThat(find(recipient).json().get("blockedChannels")).isEmpty();
    }

    @Test
    void eachChangeIsAudited() {
        ums.call(
                "PUT",
                PATH,
                UmsClient.basic("operator", UmsClient.ADMIN_PASSWORD),
                ("{\"recipient\": \"" + recipient
                                + "\", \"blocked\": [{\"day\": \"FRIDAY\", \"from\": \"18:00\", \"to\": \"24:00\"}],"
                                + " \"blockedChannels\": [\"sms\"]}")
                        .getBytes());

        List<JsonNode> entries = ums.admin("GET", "/admin/audit?limit=1000", null)
                .json()
                .get("data")
                .valueStream()
                .filter(it -> it.get("target").stringValue().equalsIgnoreCase(recipient))
                .toList();
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().get("who").stringValue()).isEqualTo("operator");
        assertThat(entries.getFirst().get("action").stringValue()).isEqualTo("contact-preferences.set");
        assertThat(entries.getFirst().get("reason").stringValue()).isEqualTo("blocked: FRIDAY 18:00-24:00, sms");
    }

    @Test
    void theLegalLimitsAreEnforced() {
        String day = "{\"day\": \"MONDAY\", \"from\": \"00:00\", \"to\": \"24:00\"}";
        String four = "{\"day\": \"TUESDAY\", \"from\": \"10:00\", \"to\": \"14:00\"}";
        String minute = "{\"day\": \"TUESDAY\", \"from\": \"13:59\", \"to\": \"14:01\"}";

        assertThat(set("[" + day + "," + four + "]", "[\"email\", \"sms\", \"kakao\"]")
                        .status())
                .isEqualTo(200);
        Answer hours = set("[" + day + "," + four + "," + minute + "]", "[]");
        assertThat(hours.status()).isEqualTo(422);
        assertThat(hours.code()).isEqualTo("PREFERENCE_TOO_BROAD");
        assertThat(hours.pointers()).containsExactly("/blocked");
        Answer channels = set("[]", "[\"email\", \"sms\", \"kakao\", \"fax\"]");
        assertThat(channels.status()).isEqualTo(422);
        assertThat(channels.pointers()).containsExactly("/blockedChannels");
        assertThat(find(recipient).json().get("blocked")).hasSize(2);
    }

    @Test
    void anInvalidAddressIsRefused() {
        Answer answer = ums.admin("PUT", PATH, "{\"recipient\": \"kim\uFFFE@example.com\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).containsExactly("/recipient");
        assertThat(answer.text()).contains("U+FFFE").doesNotContain("kim");
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        Answer answer = ums.admin("PUT", PATH, """
                {"recipient": "nobody", "since": 1, "blockedChannels": ["E-Mail!"], "blocked": [
                    {"day": "HOLIDAY", "from": "9:00", "to": "24:01"},
                    {"day": "MONDAY", "from": "12:00", "to": "12:00"},
                    {"from": "12:00", "to": "13:00", "until": 1}, 7]}
                """);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers())
                .containsExactlyInAnyOrder(
                        "/recipient",
                        "/since",
                        "/blockedChannels/0",
                        "/blocked/0/day",
                        "/blocked/0/from",
                        "/blocked/0/to",
                        "/blocked/1/to",
                        "/blocked/2/day",
                        "/blocked/2/until",
                        "/blocked/3");
        assertThat(ums.admin("PUT", PATH, "{}").pointers()).containsExactly("/recipient");
        assertThat(ums.admin("GET", PATH, null).status()).isEqualTo(400);
    }

    private Answer set(String blocked, String channels) {
        return ums.admin(
                "PUT",
                PATH,
                "{\"recipient\": \"" + recipient + "\", \"blocked\": " + blocked + ", \"blockedChannels\": " + channels
                        + "}");
    }

    private Answer find(String whose) {
        return ums.admin("GET", PATH + "?recipient=" + whose, null);
    }
}
