package ums.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;
import ums.channel.ErrorType;
import ums.web.RouteTable;

/** The description covers the whole API and is complete enough to generate a client. */
class OpenApiTest extends UmsStory {

    /** Not part of the API: the description itself, its page, and the container's error page. */
    private static final Set<String> NOT_DESCRIBED = Set.of(
            "GET /openapi.json", "GET /openapi.json.yaml", "GET /docs", "GET /docs.js", "GET /docs.css", "GET /error");

    @Autowired
    @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes;

    @Test
    void everyRouteIsDescribed() {
        Set<String> expected = new TreeSet<>(RouteTable.of(routes));
        expected.removeAll(NOT_DESCRIBED);
        // The console's pages.
        expected.removeIf(it -> it.contains(" /console"));

        assertThat(operations(api()).keySet()).isEqualTo(expected);
    }

    @Test
    void everyOperationDescribesAuthenticationResponsesAndErrors() {
        JsonNode api = api();
        assertThat(api.get("openapi").stringValue()).startsWith("3.1");
        Set<String> ids = new HashSet<>();
        operations(api).forEach((route, operation) -> {
            assertThat(ids.add(operation.path("operationId").asString("")))
                    .as(route + " has an id of its own")
                    .isTrue();
            String scheme =
                    operation.get("security").get(0).propertyNames().iterator().next();
            assertThat(scheme).as(route).isEqualTo(route.contains(" /api/") ? "apiKey" : "admin");
            JsonNode responses = operation.get("responses");
            assertThat(responses.propertyNames())
                    .as(route)
                    .contains("401", "403", "429", "503")
                    .anyMatch(it -> it.startsWith("2"));
            assertThat(operation.has("requestBody"))
                    .as(route)
                    .isEqualTo(!route.startsWith("GET") && !route.startsWith("DELETE") && !route.endsWith("/cancel"));
            if (route.contains(" /api/")) {
                JsonNode success = responses.path(responses.has("202") ? "202" : responses.has("201") ? "201" : "200");
                assertThat(success.path("headers").propertyNames()).as(route).contains("RateLimit", "RateLimit-Policy");
                assertThat(success.path("content").path("application/json").has("schema"))
                        .as(route)
                        .isTrue();
            }
        });
        assertThat(api.get("components").get("securitySchemes").propertyNames())
                .containsExactlyInAnyOrder("apiKey", "admin");
    }

    @Test
    void everyReferenceResolves() {
        JsonNode api = api();
        List<String> references = new ArrayList<>();
        collect(api, references);

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(it -> assertThat(api.at(it.substring(1)).isMissingNode())
                        .as(it)
                        .isFalse());
    }

    @Test
    void theDescribedMembersOfAMessageAreThoseThatAreRead() {
        String key = ums.newKey();
        JsonNode properties = api().at("/components/schemas/NewMessage/properties");

        for (String name : properties.propertyNames()) {
            Answer answer = ums.send(key, "{\"" + name + "\": 42}");
            assertThat(answer.text()).as(name).doesNotContain("is not a known field");
        }
        assertThat(properties.propertyNames()).hasSize(18);
        assertThat(ums.send(key, Messages.to("a@example.com")).status()).isEqualTo(202);
    }

    @Test
    void theValuesOfAnEnumAreThoseOfItsClass() {
        JsonNode types = api().at("/components/schemas/RetryMany/properties/type/enum");

        assertThat(types.valueStream().map(JsonNode::stringValue))
                .containsExactly(Stream.of(ErrorType.values()).map(Enum::name).toArray(String[]::new));
    }

    @Test
    void thePageLoadsNothingFromOtherHosts() {
        Answer page = ums.call("GET", "/docs", null, null);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy"))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.text()).doesNotContain("http:", "https:", "<script>", "style=");
        assertThat(ums.call("GET", "/docs.js", null, null).header("Content-Type"))
                .startsWith("text/javascript");
        assertThat(ums.call("GET", "/docs.css", null, null).header("Content-Type"))
                .startsWith("text/css");
    }

    private JsonNode api() {
        Answer answer = ums.call("GET", "/openapi.json", null, null);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private static java.util.Map<String, JsonNode> operations(JsonNode api) {
        java.util.Map<String, JsonNode> operations = new java.util.TreeMap<>();
        api.get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) ->
                        operations.put(method.toUpperCase(Locale.ROOT) + " " + path, operation)));
        return operations;
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.isObject() && node.path("$ref").isString()) {
            references.add(node.get("$ref").stringValue());
        }
        node.forEach(it -> collect(it, references));
    }
}
