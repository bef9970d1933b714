package ums.web.guard;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;
import ums.access.Scope;
import ums.web.RouteTable;

/** What a key may do by its scopes. */
class ScopesTest extends UmsStory {

    /** The scope of every route of the API. A route without one fails the build, so that it is written down here. */
    private static final Map<String, Scope> ROUTES = Map.ofEntries(
            entry("GET /api/messages", Scope.READ),
            entry("POST /api/messages", Scope.SEND),
            entry("POST /api/messages/batch", Scope.SEND),
            entry("GET /api/messages/{id}", Scope.READ),
            entry("GET /api/messages/{id}/events", Scope.READ),
            entry("POST /api/messages/{id}/cancel", Scope.SEND),
            entry("POST /api/loans", Scope.SEND),
            entry("GET /api/loans/{id}", Scope.READ),
            entry("GET /api/loans/{id}/history", Scope.READ),
            entry("POST /api/loans/{id}/events", Scope.SEND));

    /** Resources that are not there yet, but have their scope. */
    private static final Map<String, Scope> TO_COME = Map.of(
            "GET /api/templates",
            Scope.TEMPLATES,
            "PUT /api/templates/welcome/draft",
            Scope.TEMPLATES,
            "PUT /api/layouts/shop/draft",
            Scope.TEMPLATES,
            "GET /api/suppressions",
            Scope.SUPPRESSIONS,
            "DELETE /api/suppressions/1",
            Scope.SUPPRESSIONS,
            "POST /api/webhooks",
            Scope.WEBHOOKS);

    @Autowired
    @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes;

    @Test
    void everyRouteOfTheApiNeedsItsScopeAndNoOther() {
        List<String> ofTheApi = RouteTable.of(routes).stream()
                .filter(it -> it.contains(" /api/"))
                .toList();
        assertThat(ofTheApi).containsExactlyInAnyOrderElementsOf(ROUTES.keySet());
        Map<Scope, String> keys = aKeyForEach();
        ROUTES.forEach((route, needed) -> keys.forEach((scope, key) -> {
            Answer answer = call(key, route);
            if (scope == needed) {
                // The body is empty, and nothing has the path's id.
                assertThat(answer.status()).as(route + " with " + scope).isIn(200, 400, 404);
            } else {
                isMissing(needed, answer, route + " with " + scope);
            }
        }));
    }

    @Test
    void whatIsNotThereYetNeedsItsScopeToo() {
        Map<Scope, String> keys = aKeyForEach();
        TO_COME.forEach((route, needed) -> keys.forEach((scope, key) -> {
            Answer answer = call(key, route);
            if (scope == needed) {
                assertThat(answer.status()).as(route + " with " + scope).isEqualTo(404);
            } else {
                isMissing(needed, answer, route + " with " + scope);
            }
        }));
    }

    @Test
    void anUnknownPathIs404ForEveryKey() {
        aKeyForEach().forEach((scope, key) -> {
            for (String path : List.of("/api/nothing", "/api/messagesandmore", "/api/message", "/api/", "/api")) {
                assertThat(ums.get(key, path).status())
                        .as(path + " with " + scope)
                        .isEqualTo(404);
            }
        });
    }

    @Test
    void anotherSpellingOfAPathNeedsTheSameScope() {
        String sends = aKey(Scope.SEND);
        for (String path : List.of("/api/%6Dessages", "/%61pi/messages", "/api/messages?x=/api/nothing")) {
            isMissing(Scope.READ, ums.get(sends, path), path);
        }
        isMissing(Scope.READ, ums.call("HEAD", "/api/messages", "Bearer " + sends, null), "HEAD");
        for (String path :
                List.of("/api/nothing/../messages", "/api//messages", "/api/messages;x=1", "/api;/messages")) {
            assertThat(ums.get(sends, path).status()).as(path).isBetween(400, 499);
        }
    }

    @Test
    void aKeySendsAndAnotherOfItsClientReads() {
        String client = "scopes-" + UUID.randomUUID();
        String sends = aKey(client, Scope.SEND);
        String reads = aKey(client, Scope.READ);
        String later = Messages.to("a@example.com", Map.of("scheduledAt", "2099-01-01T00:00:00Z"));

        UUID id = ums.send(sends, later).id();

        Answer refused = ums.get(sends, "/api/messages/" + id);
        isMissing(Scope.READ, refused, "read");
        assertThat(refused.header("RateLimit")).isNotEmpty();
        assertThat(ums.get(reads, "/api/messages/" + id).status()).isEqualTo(200);
        isMissing(Scope.SEND, ums.send(reads, later), "send");
        isMissing(Scope.SEND, post(reads, "/api/messages/" + id + "/cancel"), "cancel");
        assertThat(ums.get(reads, "/api/messages").json().get("data")).hasSize(1);
        assertThat(post(sends, "/api/messages/" + id + "/cancel").status()).isEqualTo(200);
    }

    private Map<Scope, String> aKeyForEach() {
        Map<Scope, String> keys = new EnumMap<>(Scope.class);
        for (Scope scope : Scope.values()) {
            keys.put(scope, aKey(scope));
        }
        return keys;
    }

    private String aKey(Scope scope) {
        return aKey("scopes-" + UUID.randomUUID(), scope);
    }

    private String aKey(String client, Scope scope) {
        return ums.newKey("{\"client\": \"" + client + "\", \"scopes\": [\"" + scope.code() + "\"]}");
    }

    private static void isMissing(Scope scope, Answer answer, String what) {
        assertThat(answer.status()).as(what + ": " + answer.text()).isEqualTo(403);
        if (answer.response().request().method().equals("HEAD")) {
            return;
        }
        assertThat(answer.code()).as(what).isEqualTo("SCOPE_MISSING");
        assertThat(answer.json().get("detail").stringValue()).as(what).contains('"' + scope.code() + '"');
    }

    private Answer call(String key, String route) {
        String[] parts = route.split(" ");
        String path = parts[1].replace("{id}", UUID.randomUUID().toString());
        return ums.call(parts[0], path, "Bearer " + key, parts[0].equals("GET") ? null : "{}".getBytes());
    }

    private Answer post(String key, String path) {
        return ums.call("POST", path, "Bearer " + key, null);
    }
}
