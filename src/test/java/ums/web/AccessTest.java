package ums.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsClient;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Authentication and authorization of API keys and admins. */
class AccessTest extends UmsStory {

    @Autowired
    JdbcClient jdbc;

    @Test
    void requestsWithoutAValidKeyAreRefused() {
        byte[] body = Messages.to("a@example.com").getBytes();

        Answer none = ums.call("POST", "/api/messages", null, body);
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.code()).isEqualTo("UNAUTHORIZED");
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(ums.call("POST", "/api/messages", "Bearer ums_live_wrong", body)
                        .status())
                .isEqualTo(401);
        assertThat(ums.call("GET", "/api/nothing", null, null).status()).isEqualTo(401);
    }

    @Test
    void apiKeysAreRefusedOnAdminPathsAndAdminsOnTheApi() {
        String key = ums.newKey();
        String admin = "Basic " + Base64.getEncoder().encodeToString(("admin:" + UmsClient.ADMIN_PASSWORD).getBytes());

        assertThat(ums.get(key, "/admin/api-keys").status()).isEqualTo(401);
        assertThat(ums.get(key, "/inbox").status()).isEqualTo(401);
        assertThat(ums.call("GET", "/inbox", null, null).header("WWW-Authenticate"))
                .startsWith("Basic");
        assertThat(ums.call(
                                "POST",
                                "/api/messages",
                                admin,
                                Messages.to("a@example.com").getBytes())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aKeyIsReturnedOnceAndStoredAsAHash() {
        Answer made = ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\", \"name\": \"web\"}");

        assertThat(made.status()).isEqualTo(201);
        JsonNode key = made.json();
        assertThat(key.get("key").stringValue()).matches("ums_live_[A-Za-z0-9_-]{43}");
        assertThat(key.get("client").stringValue()).isEqualTo("shop");
        assertThat(key.get("name").stringValue()).isEqualTo("web");
        assertThat(key.get("mode").stringValue()).isEqualTo("live");
        assertThat(key.get("expiresAt").isNull()).isTrue();
        assertThat(ums.admin("GET", "/admin/api-keys", null).text())
                .contains(made.id().toString())
                .doesNotContain(key.get("key").stringValue());
        assertThat(jdbc.sql("select string_agg(api_key::text, ' ') from api_key")
                        .query(String.class)
                        .single())
                .doesNotContain(key.get("key").stringValue());
    }

    @Test
    void aRevokedKeyStopsWorkingAtOnce() {
        Answer made = ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\"}");
        String key = made.json().get("key").stringValue();
        assertThat(ums.get(key, "/api/messages").status()).isEqualTo(200);

        assertThat(ums.admin("DELETE", "/admin/api-keys/" + made.id(), null).status())
                .isEqualTo(204);

        assertThat(ums.get(key, "/api/messages").status()).isEqualTo(401);
        assertThat(ums.admin("DELETE", "/admin/api-keys/" + made.id(), null).status())
                .isEqualTo(404);
    }

    @Test
    void aKeyWithSendersSendsOnlyAsThose() {
        String key = ums.newKey("{\"client\": \"shop\", \"from\": [\"Shop <orders@Shop.example>\"]}");

        assertThat(ums.send(key, Messages.to("a@example.com", Map.of("from", "Orders <orders@shop.example>")))
                        .status())
                .isEqualTo(202);
        Answer refused = ums.send(key, Messages.to("a@example.com", Map.of("from", "boss@shop.example")));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("FROM_NOT_ALLOWED");
    }

    @Test
    void anInvalidRequestForAKeyReportsEveryFault() {
        Answer answer = ums.admin(
                "POST",
                "/admin/api-keys",
                "{\"client\": \"no spaces\", \"mode\": \"dry\", \"from\": [\"nobody@\", \"\u200Bkim@x.example\"], \"expiresAt\": \"2020-01-01T00:00:00Z\", \"x\": 1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).contains("/client", "/mode", "/from/0", "/from/1", "/expiresAt", "/x");
    }

    @Test
    void aKeyWithAnEmptySenderListIsRefused() {
        Answer answer = ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\", \"from\": []}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).containsExactly("/from");
        assertThat(ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\", \"from\": null}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aSenderOfNoMailAddressHas1To100CharactersAndNoControlCharacter() {
        String body = "{\"client\": \"shop\", \"from\": [\"15771577\", \"%s\", \"%s\", \"  \", \"1577\\n1577\", 7]}"
                .formatted("가".repeat(100), "가".repeat(101));

        Answer answer = ums.admin("POST", "/admin/api-keys", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).containsExactlyInAnyOrder("/from/2", "/from/3", "/from/4", "/from/5");
    }

    @Test
    void aKeyHasTheScopesItNamesAndAllWhereItNamesNone() {
        Answer some = ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\", \"scopes\": [\"read\", \"send\"]}");
        Answer all = ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\"}");
        String named = "{\"client\": \"shop\", \"scopes\":"
                + " [\"webhooks\", \"suppressions\", \"templates\", \"read\", \"send\"]}";
        Answer each = ums.admin("POST", "/admin/api-keys", named);

        String[] every = {"send", "read", "templates", "suppressions", "webhooks"};
        assertThat(scopes(some.json())).containsExactly("send", "read");
        assertThat(scopes(all.json())).containsExactly(every);
        assertThat(scopes(each.json())).containsExactly(every);
        JsonNode listed = ums.admin("GET", "/admin/api-keys", null).json().get("data");
        assertThat(listed.valueStream()
                        .filter(it -> it.get("id").equals(some.json().get("id"))))
                .singleElement()
                .satisfies(it -> assertThat(scopes(it)).containsExactly("send", "read"));
        assertThat(jdbc.sql("select scopes = '{}' from api_key where id in (:all, :each)")
                        .param("all", all.id())
                        .param("each", each.id())
                        .query(Boolean.class)
                        .list())
                .as("a key for all has the scopes to come too")
                .containsExactly(true, true);
    }

    @Test
    void invalidScopesAreRefused() {
        Answer wrong = ums.admin(
                "POST",
                "/admin/api-keys",
                "{\"client\": \"shop\", \"scopes\": [\"send\", \"SEND\", \"all\", \"send\"]}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.pointers()).containsExactly("/scopes/1", "/scopes/2", "/scopes/3");

        for (String scopes : List.of("\"send\"", "[]", "{}")) {
            Answer answer = ums.admin("POST", "/admin/api-keys", "{\"client\": \"shop\", \"scopes\": " + scopes + "}");
            assertThat(answer.status()).as(scopes).isEqualTo(400);
            assertThat(answer.pointers()).as(scopes).containsExactly("/scopes");
        }
    }

    @Test
    void theActuatorShowsHealthAndMetersToAllAndOtherEndpointsToAdmins() {
        assertThat(ums.actuator("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("UP");
        assertThat(ums.actuator("/actuator/health").json().has("components")).isFalse();
        assertThat(ums.actuator("/actuator/prometheus").status()).isEqualTo(200);
        assertThat(ums.actuator("/actuator/loggers").status()).isEqualTo(401);
        assertThat(ums.actuator("/actuator/env").status()).isIn(401, 404);
    }

    private static List<String> scopes(JsonNode key) {
        return key.get("scopes").valueStream().map(JsonNode::stringValue).toList();
    }
}
