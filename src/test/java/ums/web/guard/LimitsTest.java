package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import ums.Messages;
import ums.RawHttp;
import ums.TestDatabase;
import ums.UmsClient;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** A service with low limits and short timeouts, over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "ums.limits.requests-per-second=5",
            "ums.limits.burst=20",
            "ums.limits.read-timeout=1s",
            "ums.limits.max-request-size=100KB",
            "ums.limits.trusted-proxies=127.0.0.0/8"
        })
class LimitsTest {

    private static final String HEAD =
            "POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private static final String ANOTHER = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @Autowired
    UmsClient ums;

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) {
        TestDatabase.fresh().register(registry);
        UmsStory.smallAndQuick(registry);
    }

    @Test
    void aRateLimitedKeyGetsRetryAfterAndThenPasses() {
        String key = ums.newKey();
        String another = ums.newKey();
        Answer answer = ums.get(key, "/api/messages");
        assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"requests\";q=20;w=4");
        assertThat(answer.header("RateLimit")).isEqualTo("\"requests\";r=19;t=1");
        for (int i = 0; i < 100 && answer.status() == 200; i++) {
            answer = ums.get(key, "/api/messages");
        }

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.code()).isEqualTo("RATE_LIMITED");
        assertThat(answer.header("RateLimit")).startsWith("\"requests\";r=0;t=");
        int seconds = Integer.parseInt(answer.header("Retry-After"));
        assertThat(ums.get(another, "/api/messages").status()).isEqualTo(200);

        // Tokens are counted in whole seconds: after Retry-After the request must pass, and it may pass sooner.
        await().atMost(Duration.ofSeconds(seconds).plusMillis(500))
                .until(() -> ums.get(key, "/api/messages").status() == 200);
    }

    @Test
    void everyResponseToAKeyHasRateLimitHeaders() {
        String key = ums.newKey();

        assertThat(ums.send(key, Messages.to("a@example.com")).header("RateLimit"))
                .isNotEmpty();
        assertThat(ums.send(key, "{").header("RateLimit")).isNotEmpty();
        assertThat(ums.get(key, "/api/nothing").header("RateLimit")).isNotEmpty();
        assertThat(ums.call("DELETE", "/api/messages", "Bearer " + key, null).header("RateLimit-Policy"))
                .isNotEmpty();
        Answer huge = ums.send(key, "{\"text\": \"" + "x".repeat(110_000) + "\"}");
        assertThat(huge.status()).isEqualTo(413);
        assertThat(huge.header("RateLimit")).isNotEmpty();
    }

    @Test
    void whoRepeatsARefusedRequestAtOnceIsAnsweredLate() {
        String key = ums.newKey();
        long before;
        Answer answer;
        do {
            before = System.nanoTime();
            answer = ums.get(key, "/api/messages");
        } while (answer.status() == 200);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aBatchCostsItsItemsAndOneOverTheBurstPassesOnceWhenTheBucketIsFull() {
        String key = ums.newKey();
        Answer first = batch(key, 15);
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("RateLimit")).startsWith("\"requests\";r=5;");
        Answer second = batch(key, 15);
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.header("Retry-After")).matches("[23]");

        String another = ums.newKey();
        assertThat(batch(another, 40).status()).isEqualTo(202);
        Answer indebted = ums.get(another, "/api/messages");
        assertThat(indebted.status()).isEqualTo(429);
        assertThat(indebted.header("Retry-After")).matches("[45]");
    }

    @Test
    void anAddressWithoutAKeyIsLimitedToo() {
        Answer answer = from("198.51.100.1");
        for (int i = 0; i < 100 && answer.status() == 401; i++) {
            answer = from("198.51.100.1");
        }

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).matches("[0-9]+");
        assertThat(from("198.51.100.2").status()).isEqualTo(401);
    }

    @Test
    void tenWrongPasswordsBlockAnAddress() {
        for (int i = 0; i < 10; i++) {
            assertThat(logIn("wrong " + i, "198.51.100.3").code()).isEqualTo("UNAUTHORIZED");
        }

        Answer refused = logIn(UmsClient.ADMIN_PASSWORD, "198.51.100.3");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("TOO_MANY_LOGINS");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
        assertThat(logIn(UmsClient.ADMIN_PASSWORD, "198.51.100.4").status()).isEqualTo(200);
    }

    @Test
    void aSlowHeaderIsCutOff() throws IOException {
        try (RawHttp slow = new RawHttp(ums.port())) {
            slow.send(HEAD);
            assertThat(trickle(slow, "X-Slow: ")).isNotEqualTo(-2);
        }
    }

    @Test
    void aSlowBodyIsCutOffWithAResponse() throws IOException {
        String key = ums.newKey();
        try (RawHttp slow = new RawHttp(ums.port())) {
            slow.send(HEAD + "Authorization: Bearer " + key + "\r\nContent-Length: 5000\r\n\r\n{\"text\": \"");
            assertThat(trickle(slow, "")).isEqualTo('H');
            assertThat(slow.readAll()).startsWith("TTP/1.1 408").contains("\"REQUEST_TIMEOUT\"");
        }
    }

    @Test
    void aSlowBodyOfARefusedRequestIsCutOff() throws IOException {
        try (RawHttp slow = new RawHttp(ums.port())) {
            slow.send(HEAD + "Content-Length: 5000\r\n\r\n{\"text\": \"");
            assertThat(slow.read(10_000)).isEqualTo('H');
            while (slow.read(10) >= 0) {
                // Reads the complete 401.
            }
            assertThat(trickle(slow, "")).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1;", "1\r\n{\r\n0\r\nX-Slow: "})
    void slowChunkExtensionsAndTrailersAreCutOff(String beginning) throws IOException {
        String key = ums.newKey();
        try (RawHttp slow = new RawHttp(ums.port())) {
            slow.send(HEAD + "Authorization: Bearer " + key + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(trickle(slow, beginning)).isNotEqualTo(-2);
        }
    }

    @Test
    void dataAfterACutOffBodyIsNotParsedAsARequest() throws IOException {
        String key = ums.newKey();
        try (RawHttp endless = new RawHttp(ums.port())) {
            endless.send(HEAD + "Authorization: Bearer " + key + "\r\nContent-Length: 50000000\r\n\r\n");
            assertThat(rest(endless)).startsWith("HTTP/1.1 413");
            assertThat(readAfter(endless, ANOTHER.repeat(20_000))).isEqualTo(-1);
        }
        try (RawHttp slow = new RawHttp(ums.port())) {
            slow.send(HEAD + "Authorization: Bearer " + key + "\r\nContent-Length: 5000\r\n\r\n{\"text\": \"");
            assertThat(trickle(slow, "")).isEqualTo('H');
            String answer = rest(slow);
            assertThat(answer).startsWith("TTP/1.1 408");
            // An incomplete response is an error to most clients.
            assertThat(answer)
                    .satisfiesAnyOf(
                            it -> assertThat(it).containsIgnoringCase("Content-Length: "),
                            it -> assertThat(it).endsWith("\r\n0\r\n\r\n"));
            assertThat(readAfter(slow, ANOTHER.repeat(200))).isEqualTo(-1);
        }
    }

    @Test
    void eachHeaderOnAConnectionHasItsOwnDeadline() throws IOException {
        try (RawHttp client = new RawHttp(ums.port())) {
            client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n");
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            client.send("\r\nGET /nothing HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(rest(client)).startsWith("HTTP/1.1 404");
            await().pollDelay(Duration.ofMillis(600)).until(() -> true);
            client.send("\r\nGET /nothing HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(rest(client)).startsWith("HTTP/1.1 404");
            assertThat(trickle(client, "X-Slow: ")).isNotIn(-2, (int) 'H');
        }
    }

    @Test
    void aSlowRequestKeepsItsConnectionAlive() throws IOException {
        try (RawHttp client = new RawHttp(ums.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n");
                await().pollDelay(Duration.ofMillis(600)).until(() -> true);
                client.send("\r\n");
                assertThat(client.read(10_000)).isEqualTo('H');
                while (client.read(50) >= 0) {
                    // Reads the complete 404.
                }
            }
        }
    }

    /** The rest of a response that has begun. */
    private static String rest(RawHttp connection) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int octet = connection.read(10_000); octet >= 0; octet = connection.read(100)) {
            read.append((char) octet);
        }
        return read.toString();
    }

    /** The next byte from the server after sending a text; -1 if it has closed the connection. */
    private static int readAfter(RawHttp connection, String text) throws IOException {
        try {
            connection.send(text);
        } catch (SocketException e) {
            // The server closed the connection before the whole text was sent.
        }
        return connection.read(5_000);
    }

    /**
     * Sends a byte every tenth of a second until the server responds or closes the connection; -2 if it does neither
     * for ten seconds.
     */
    private static int trickle(RawHttp connection, String first) throws IOException {
        connection.send(first);
        for (int i = 0; i < 100; i++) {
            int read = connection.read(100);
            if (read != -2) {
                return read;
            }
            try {
                connection.send("x");
            } catch (IOException e) {
                return -1;
            }
        }
        return -2;
    }

    private Answer from(String address) {
        return ums.call("GET", "/api/messages", null, null, "X-Forwarded-For", address);
    }

    private Answer logIn(String password, String address) {
        return ums.call("GET", "/admin/audit", UmsClient.basic("admin", password), null, "X-Forwarded-For", address);
    }

    private Answer batch(String key, int items) {
        String messages = String.join(",", java.util.Collections.nCopies(items, Messages.to("a@example.com")));
        return ums.call(
                "POST", "/api/messages/batch", "Bearer " + key, ("{\"messages\": [" + messages + "]}").getBytes());
    }
}
