package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import ums.Messages;
import ums.UmsClient;
import ums.UmsClient.Answer;
import ums.UmsStory;

/**
 * Every route, with the expected status for each kind of caller. A route without a row fails the build, so that its
 * access rules are written down here.
 */
class RouteTableTest extends UmsStory {

    private static final String NOBODY = UUID.randomUUID().toString();
    private static final String REASON = "{\"reason\": \"a row of the table\"}";
    private static final String NEW_KEY = "{\"client\": \"table\"}";
    private static final String NEW_LOAN = "{\"contractNo\": \"1\", \"customerId\": \"1\", \"customerName\": \"Kim\","
            + " \"customerEmail\": \"kim@x.example\", \"principal\": 1}";
    private static final String APPROVE = "{\"event\": \"APPROVE\"}";
    private static final String PREFERENCE = "{\"recipient\": \"table@x.example\"}";

    @Autowired
    @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes;

    /** The callers. Keys are live keys of the client that owns the row's message, unless stated otherwise. */
    private enum Caller {
        NO_KEY,
        BAD_KEY,
        REVOKED_KEY,
        TEST_KEY,
        ANOTHER_CLIENT,
        VIEWER,
        OPERATOR,
        ADMIN
    }

    /**
     * A route.
     *
     * @param target creates the object that the path's {@code {id}} refers to, anew for each caller
     * @param expected the status for each caller, in the order of {@link Caller}
     */
    private record Row(
            String route,
            Function<RouteTableTest, String> target,
            @Nullable String body,
            int[] expected) {

        @Override
        public String toString() {
            return route;
        }
    }

    static Stream<Row> table() {
        return Stream.of(
                row("GET /api/messages", RouteTableTest::none, null, clients(200, 200)),
                row("POST /api/messages", RouteTableTest::none, Messages.to("a@x.example"), clients(202, 202)),
                row("POST /api/messages/batch", RouteTableTest::none, batch(), clients(202, 202)),
                // The {id} belongs to a live key, so it does not exist for a test key of the same client.
                row("GET /api/messages/{id}", RouteTableTest::message, null, clients(404, 404)),
                row("GET /api/messages/{id}/events", RouteTableTest::message, null, clients(404, 404)),
                row("POST /api/messages/{id}/cancel", RouteTableTest::message, null, clients(404, 404)),
                row("POST /api/loans", RouteTableTest::none, NEW_LOAN, clients(201, 201)),
                row("GET /api/loans/{id}", RouteTableTest::loan, null, clients(404, 404)),
                row("GET /api/loans/{id}/history", RouteTableTest::loan, null, clients(404, 404)),
                row("POST /api/loans/{id}/events", RouteTableTest::loan, APPROVE, clients(404, 404)),
                row("GET /admin/messages", RouteTableTest::none, null, fromViewerUp(200)),
                row("GET /admin/messages/{id}", RouteTableTest::message, null, fromViewerUp(200)),
                row("GET /admin/messages/{id}/events", RouteTableTest::message, null, fromViewerUp(200)),
                row("GET /admin/failures", RouteTableTest::none, null, fromViewerUp(200)),
                // 404: authorized, but there is no such failure.
                row("GET /admin/failures/{id}", RouteTableTest::nothing, null, fromViewerUp(404)),
                row("PATCH /admin/failures/{id}/retry", RouteTableTest::nothing, REASON, fromOperatorUp(404)),
                row("PATCH /admin/failures/{id}/resolve", RouteTableTest::nothing, resolve(), fromOperatorUp(404)),
                row("POST /admin/failures/retry", RouteTableTest::none, retryMany(), fromOperatorUp(202)),
                // 400: authorized, but the recipient is missing.
                row("GET /admin/contact-preferences", RouteTableTest::none, null, fromViewerUp(400)),
                row("PUT /admin/contact-preferences", RouteTableTest::none, PREFERENCE, fromOperatorUp(200)),
                // Kafka is not configured in this test.
                row(
                        "POST /admin/relay/replay",
                        RouteTableTest::none,
                        "{\"from\": \"2026-11-24T00:00:00Z\", \"to\": \"2026-11-25T00:00:00Z\"}",
                        adminOnly(409)),
                row("GET /admin/audit", RouteTableTest::none, null, fromViewerUp(200)),
                row("GET /admin/api-keys", RouteTableTest::none, null, fromViewerUp(200)),
                row("POST /admin/api-keys", RouteTableTest::none, NEW_KEY, adminOnly(201)),
                row("DELETE /admin/api-keys/{id}", RouteTableTest::key, null, adminOnly(204)),
                row("GET /inbox", RouteTableTest::none, null, fromViewerUp(200)),
                row("GET /inbox/{n}", RouteTableTest::noMail, null, fromViewerUp(404)),
                row("GET /inbox/{n}/raw", RouteTableTest::noMail, null, fromViewerUp(404)),
                row("GET /openapi.json", RouteTableTest::none, null, everybody(200)),
                row("GET /openapi.json.yaml", RouteTableTest::none, null, everybody(200)),
                row("GET /docs", RouteTableTest::none, null, everybody(200)),
                row("GET /docs.js", RouteTableTest::none, null, everybody(200)),
                row("GET /docs.css", RouteTableTest::none, null, everybody(200)),
                // The console needs a session, which none of these callers has, and a CSRF token in each form.
                page("/console"),
                page("/console/"),
                page("/console/figures"),
                page("/console/charts"),
                page("/console/messages"),
                page("/console/messages/{id}"),
                page("/console/messages/{id}/progress"),
                page("/console/messages/{id}/preview"),
                page("/console/messages/{id}/raw"),
                page("/console/review"),
                page("/console/review/{group}"),
                page("/console/inbox"),
                page("/console/inbox/{n}"),
                page("/console/inbox/{n}/preview"),
                page("/console/inbox/{n}/raw"),
                page("/console/loans"),
                page("/console/loans/{id}"),
                page("/console/keys"),
                page("/console/audit"),
                page("/console/**"),
                form("/console/first-message"),
                form("/console/messages/{id}/cancel"),
                form("/console/review/{group}"),
                form("/console/loans/{id}/events"),
                form("/console/keys"),
                form("/console/keys/{id}/revoke"),
                // Sets a cookie of the caller only; without the parameter it is a 400.
                row("GET /console/language", RouteTableTest::none, null, everybody(400)),
                row("GET /console/login", RouteTableTest::none, null, everybody(200)),
                row("GET /console/denied", RouteTableTest::none, null, everybody(403)),
                row("GET /console/assets/{version}/{name}", RouteTableTest::nothing, null, everybody(404)),
                // The container's error page; requested directly, it is a 404.
                row("GET /error", RouteTableTest::none, null, everybody(404)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void answersEachCallerAsTheTableSays(Row row) {
        List<Executable> checks = new ArrayList<>();
        for (Caller caller : Caller.values()) {
            String client = "table-" + UUID.randomUUID();
            owner = ums.newKey("{\"client\": \"" + client + "\"}");
            String authorization = authorization(caller, client);
            String[] route = row.route().split(" ");
            String path = route[1].replaceAll("\\{[a-z]+}", row.target().apply(this));
            Answer answer = ums.call(
                    route[0],
                    path,
                    authorization,
                    row.body() == null ? null : row.body().getBytes());
            checks.add(() -> assertThat(answer.status())
                    .as(row + " for " + caller + ": " + answer.text())
                    .isEqualTo(row.expected()[caller.ordinal()]));
        }
        assertAll(checks);
    }

    @Test
    void everyRouteHasARow() {
        Set<String> rows = table().map(Row::route).collect(Collectors.toCollection(TreeSet::new));

        assertThat(new TreeSet<>(RouteTable.of(routes))).isEqualTo(rows);
    }

    private String owner = "";

    private @Nullable String authorization(Caller caller, String client) {
        return switch (caller) {
            case NO_KEY -> null;
            case BAD_KEY -> "Bearer ums_live_" + "A".repeat(43);
            case REVOKED_KEY -> "Bearer " + revoked(client);
            case TEST_KEY -> "Bearer " + ums.newKey("{\"client\": \"" + client + "\", \"mode\": \"test\"}");
            case ANOTHER_CLIENT -> "Bearer " + ums.newKey();
            case VIEWER, OPERATOR, ADMIN ->
                UmsClient.basic(caller.name().toLowerCase(java.util.Locale.ROOT), UmsClient.ADMIN_PASSWORD);
        };
    }

    private String revoked(String client) {
        Answer made = ums.admin("POST", "/admin/api-keys", "{\"client\": \"" + client + "\"}");
        ums.admin("DELETE", "/admin/api-keys/" + made.id(), null);
        return made.json().get("key").stringValue();
    }

    private static Row row(
            String route, Function<RouteTableTest, String> target, @Nullable String body, int[] expected) {
        return new Row(route, target, body, expected);
    }

    /** For the API: callers without a valid key are refused, and so are admins. */
    private static int[] clients(int testKey, int anotherClient) {
        return new int[] {401, 401, 401, testKey, anotherClient, 401, 401, 401};
    }

    /** For admins only. */
    private static int[] admins(int viewer, int operator, int admin) {
        return new int[] {401, 401, 401, 401, 401, viewer, operator, admin};
    }

    private static int[] fromViewerUp(int answer) {
        return admins(answer, answer, answer);
    }

    private static int[] fromOperatorUp(int answer) {
        return admins(403, answer, answer);
    }

    private static int[] adminOnly(int answer) {
        return admins(403, 403, answer);
    }

    private static int[] everybody(int answer) {
        int[] expected = new int[Caller.values().length];
        Arrays.fill(expected, answer);
        return expected;
    }

    private static Row page(String path) {
        return row("GET " + path, RouteTableTest::nothing, null, everybody(302));
    }

    private static Row form(String path) {
        return row("POST " + path, RouteTableTest::nothing, REASON, everybody(403));
    }

    private String none() {
        return "";
    }

    private String nothing() {
        return NOBODY;
    }

    private String noMail() {
        return "999999999";
    }

    private String message() {
        return ums.send(owner, Messages.to("a@x.example", Map.of("scheduledAt", "2099-01-01T00:00:00Z")))
                .id()
                .toString();
    }

    private String loan() {
        return ums.call("POST", "/api/loans", "Bearer " + owner, NEW_LOAN.getBytes())
                .id()
                .toString();
    }

    private String key() {
        return ums.admin("POST", "/admin/api-keys", NEW_KEY).id().toString();
    }

    private static String batch() {
        return "{\"messages\": [" + Messages.to("a@x.example") + "]}";
    }

    private static String resolve() {
        return "{\"decision\": \"ABANDON\", \"reason\": \"a row of the table\"}";
    }

    /** A time range without failures. */
    private static String retryMany() {
        return "{\"to\": \"1971-01-01T00:00:00Z\", \"reason\": \"a row of the table\"}";
    }
}
