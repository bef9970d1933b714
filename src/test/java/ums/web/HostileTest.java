package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import ums.Messages;
import ums.RawHttp;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Malicious input is refused or neutralized, and never causes a 500. */
@ExtendWith(OutputCaptureExtension.class)
class HostileTest extends UmsStory {

    private static final long SEED = 20261124;
    /** Internals that a response must never contain. */
    private static final Pattern INSIDE = Pattern.compile(
            "Exception|\\bat [a-z]+\\.[a-z.]+\\(|java\\.|springframework|org\\.|tools\\.jackson|ums\\.[a-z]+\\.|"
                    + "(?i:select .* from |insert into|sqlstate|psql|hikari|tomcat)");

    private static final Set<String> HEADERS = Set.of(
            "received",
            "message-id",
            "auto-submitted",
            "date",
            "from",
            "to",
            "cc",
            "reply-to",
            "subject",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "x-a");

    @Test
    void noHostileBodyCausesAnErrorOrAnInjectedHeader(CapturedOutput output) throws Exception {
        String key = ums.newKey();
        String to = UUID.randomUUID() + "@example.com";
        List<byte[]> bodies = new ArrayList<>(HostileBodies.handPicked(to));
        Random random = new Random(SEED);
        while (bodies.size() < 450) {
            bodies.add(HostileBodies.random(random, to));
        }
        Map<Integer, Integer> statuses = new LinkedHashMap<>();
        List<UUID> accepted = new ArrayList<>();
        long before = usedHeap();
        for (byte[] body : bodies) {
            Answer answer = ums.send(key, body);
            check(answer, new String(body, StandardCharsets.UTF_8));
            statuses.merge(answer.status(), 1, Integer::sum);
            if (answer.status() == 202) {
                accepted.add(answer.id());
            }
        }

        assertThat(statuses.keySet()).isSubsetOf(202, 400, 413);
        assertThat(statuses.get(400)).isGreaterThan(100);
        assertThat(accepted).hasSizeGreaterThan(20);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(accepted)
                        .allMatch(it -> ums.get(key, "/api/messages/" + it)
                                .json()
                                .get("status")
                                .stringValue()
                                .equals("SENT")));
        List<JsonNode> mails = ums.inbox(to);
        assertThat(mails).hasSameSizeAs(accepted);
        for (JsonNode mail : mails) {
            assertThat(mail.get("to")).hasSize(1);
            assertThat(headerNames(mail))
                    .allMatch(it -> HEADERS.contains(it) || it.startsWith("=?"), "a header that was asked for");
        }
        assertThat(usedHeap() - before).isLessThan(100_000_000);
        assertThat(output.getAll()).doesNotContain("FORGED").doesNotContain("fault of UMS");
    }

    @Test
    void hostileHeadersAndPathsAreRefused() throws IOException {
        String key = ums.newKey();
        for (String request : HostileRequests.raw(key, Messages.to("a@example.com"))) {
            String answer;
            try (RawHttp connection = new RawHttp(ums.port())) {
                answer = connection.send(request).readAll();
            }
            int status = RawHttp.status(answer);
            // 501: an unknown transfer coding (RFC 9112 section 6.1); 505: an unknown version.
            assertThat(status == 0 || status >= 400 && status < 500 || status == 501 || status == 505)
                    .as(request + "\n---\n" + answer)
                    .isTrue();
            assertThat(answer).as(request).doesNotContainPattern(INSIDE);
        }
    }

    @Test
    void noHeaderOctetAndNoQueryStringCausesAnError(CapturedOutput output) throws IOException {
        String key = ums.newKey();
        List<String> requests = HostileRequests.octets(key, Messages.to("a@example.com"));
        requests.addAll(HostileRequests.queries(key));
        for (String request : requests) {
            String answer;
            try (RawHttp connection = new RawHttp(ums.port())) {
                answer = connection.send(request).readAll();
            }
            // 417: an unknown expectation (RFC 9110 section 10.1.1).
            assertThat(RawHttp.status(answer)).as(request + "\n---\n" + answer).isBetween(200, 499);
        }
        assertThat(output.getAll()).doesNotContain("fault of UMS");
    }

    @Test
    void anApiKeyCannotBypassAuthorizationOfAdminPaths() throws IOException {
        String key = ums.newKey();
        for (String path : HostileRequests.PATHS) {
            String answer;
            try (RawHttp connection = new RawHttp(ums.port())) {
                answer = connection
                        .send("GET " + path
                                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key
                                + "\r\n\r\n")
                        .readAll();
            }
            assertThat(RawHttp.status(answer)).as(path + "\n" + answer).isBetween(400, 499);
            assertThat(answer).as(path).contains("application/problem+json").doesNotContainPattern(INSIDE);
        }
    }

    @Test
    void otherOriginsAreNotAllowed() {
        String key = ums.newKey();
        Answer preflight = ums.call(
                "OPTIONS",
                "/api/messages",
                null,
                null,
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST");
        assertThat(preflight.status()).isIn(401, 403);
        Answer answer = ums.call("GET", "/api/messages", "Bearer " + key, null, "Origin", "https://evil.example");
        assertThat(answer.response().headers().map().keySet().stream()
                        .filter(it -> it.toLowerCase(java.util.Locale.ROOT).startsWith("access-control")))
                .isEmpty();
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Server")).isEmpty();
    }

    private static void check(Answer answer, String body) {
        String shown = body.length() > 300 ? body.substring(0, 300) : body;
        assertThat(answer.status()).as(shown + "\n---\n" + answer.text()).isLessThan(500);
        assertThat(answer.text()).as(shown).doesNotContainPattern(INSIDE);
        assertThat(answer.response().headers().map().keySet()).noneMatch(it -> it.equalsIgnoreCase("X-Injected"));
    }

    /** The header names up to the first empty line, with CR and LF each as a line end. */
    private Set<String> headerNames(JsonNode mail) {
        String raw = ums.admin("GET", "/inbox/" + mail.get("n").longValue() + "/raw", null)
                .text();
        String header = raw.split("\r\n\r\n", 2)[0];
        assertThat(header).doesNotContain("\0");
        return Pattern.compile("\r\n|\r|\n|\u2028|\u2029|\u0085")
                .splitAsStream(header)
                .filter(it -> !it.isEmpty() && it.charAt(0) != ' ' && it.charAt(0) != '\t')
                .map(it -> it.split(":", 2)[0].toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
