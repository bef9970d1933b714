package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Invalid requests are refused with a code and a pointer, and nothing is stored. */
class BadInputTest extends UmsStory {

    private String key;

    @BeforeEach
    void newClient() {
        key = ums.newKey();
    }

    @AfterEach
    void nothingIsStored() {
        assertThat(ums.get(key, "/api/messages").json().get("data")).isEmpty();
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                arguments("unknown field", Map.of("sujbect", "x"), "/sujbect"),
                arguments("wrong type", Map.of("subject", 42), "/subject"),
                arguments("to is a string", Map.of("to", "a@example.com"), "/to"),
                arguments("an address is a number", Map.of("to", List.of("a@example.com", 1)), "/to/1"),
                arguments("no recipient", Map.of("to", List.of()), "/to"),
                arguments("101 recipients", Map.of("to", addresses(101)), "/to"),
                arguments("101 recipients over all", Map.of("to", addresses(60), "bcc", addresses(41)), "/bcc"),
                arguments("no address", Map.of("to", List.of("nobody")), "/to/0"),
                arguments("two in one", Map.of("cc", List.of("a@example.com, b@example.com")), "/cc/0"),
                arguments("CR LF in the subject", Map.of("subject", "x\r\nBcc: evil@example.com"), "/subject"),
                arguments("LF in an address", Map.of("to", List.of("a@example.com\nBcc: b@example.com")), "/to/0"),
                arguments("a zero width space", Map.of("to", List.of("\u200Bkim@example.com")), "/to/0"),
                arguments("isolates", Map.of("bcc", List.of("\u2068kim@example.com\u2069")), "/bcc/0"),
                arguments("CR in a header", Map.of("headers", Map.of("X-A", "a\rBcc: b")), "/headers/X-A"),
                arguments("reserved header", Map.of("headers", Map.of("message-id", "<x@y>")), "/headers/message-id"),
                arguments("a provider's header", Map.of("headers", Map.of("x-SmtpApi", "{}")), "/headers/x-SmtpApi"),
                arguments(
                        "Korean in a URL",
                        Map.of("headers", Map.of("List-Unsubscribe", "<https://쇼핑.example/수신거부>")),
                        "/headers/List-Unsubscribe"),
                arguments("Content header", Map.of("headers", Map.of("Content-Type", "x")), "/headers/Content-Type"),
                arguments("NUL in the text", Map.of("text", "a\u0000b"), "/text"),
                arguments("blank subject", Map.of("subject", " "), "/subject"),
                arguments("unknown channel", Map.of("channel", "pigeon"), "/channel"),
                arguments("unknown priority", Map.of("priority", "URGENT"), "/priority"),
                arguments("unknown purpose", Map.of("purpose", "SPAM"), "/purpose"),
                arguments("unknown onUnknown", Map.of("onUnknown", "GUESS"), "/onUnknown"),
                arguments("instant without offset", Map.of("scheduledAt", "2026-12-01T09:00:00"), "/scheduledAt"),
                arguments("instant out of range", Map.of("scheduledAt", "+99999-12-01T09:00:00Z"), "/scheduledAt"),
                arguments("expired", Map.of("expiresAt", "2020-01-01T00:00:00Z"), "/expiresAt"),
                arguments(
                        "expires before it is due",
                        Map.of("scheduledAt", "2099-01-02T00:00:00Z", "expiresAt", "2099-01-01T00:00:00Z"),
                        "/expiresAt"),
                arguments("long reference", Map.of("reference", "r".repeat(256)), "/reference"),
                arguments("tag that is no string", Map.of("tags", Map.of("a/b", 1)), "/tags/a~1b"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void isRefusedWithAPointer(String what, Map<String, ?> change, String pointer) {
        Answer answer = ums.send(key, Messages.to("a@example.com", change));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_MESSAGE");
        assertThat(answer.pointers()).contains(pointer);
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        Answer answer =
                ums.send(key, "{\"subject\": \"\", \"replyTo\": \"nobody\", \"expiresAt\": \"2020-01-01T00:00:00Z\"}");

        assertThat(answer.pointers()).contains("/to", "/subject", "/replyTo", "/text", "/expiresAt");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("empty", ""),
                arguments("not JSON", "to=a@example.com"),
                arguments("cut off", "{\"to\": [\"a@example.com\""),
                arguments("an array", "[]"),
                arguments("a member twice", "{\"to\": [\"a@example.com\"], \"to\": [\"b@example.com\"]}"),
                arguments("a member twice, once escaped", "{\"a\": null, \"\\u0061\": 1}"),
                arguments("a header twice", "{\"headers\": {\"X-A\": \"1\", \"X-B\": \"2\", \"X-A\": \"1\"}}"),
                arguments("deep down", "{\"x\": [[{\"y\": {\"z\": {}, \"z\": {}}}]]}"),
                arguments("something behind it", Messages.to("a@example.com") + "{}"),
                arguments("nested deep", "[".repeat(100_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void aBodyThatIsNotAJsonObjectIsMalformed(String what, String body) {
        Answer answer = ums.send(key, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("MALFORMED_JSON");
    }

    @Test
    void invalidUtf8IsMalformed() {
        byte[] body = Messages.to("a@example.com").getBytes(StandardCharsets.UTF_8);
        body[body.length - 3] = (byte) 0xff;

        assertThat(ums.send(key, body).code()).isEqualTo("MALFORMED_JSON");
    }

    @Test
    void aHugeBodyIsRefusedWithAndWithoutContentLength() {
        byte[] huge = Messages.to("a@example.com", Map.of("text", "x".repeat(11_000_000)))
                .getBytes();

        Answer said = ums.send(key, huge);
        assertThat(said.status()).isEqualTo(413);
        assertThat(said.code()).isEqualTo("REQUEST_TOO_LARGE");
        assertThat(ums.sendChunked(key, huge).status()).isEqualTo(413);
    }

    @Test
    void wrongMethodsMediaTypesAndPaths() {
        assertThat(ums.call("DELETE", "/api/messages", "Bearer " + key, null).code())
                .isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(ums.call("PUT", "/api/messages/1", "Bearer " + key, null).status())
                .isEqualTo(405);
        Answer text = ums.send(key, Messages.to("a@example.com"), "Content-Type", "text/plain");
        assertThat(text.status()).isEqualTo(415);
        assertThat(text.code()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
        assertThat(ums.get(key, "/api/messages/not-a-uuid").status()).isEqualTo(400);
        assertThat(ums.get(key, "/api/messages/not-a-uuid").code()).isEqualTo("INVALID_PARAMETER");
        assertThat(ums.get(key, "/api/messages/01a205c7-db8d-746c-9362-8e41dac0ee9e")
                        .code())
                .isEqualTo("NOT_FOUND");
        assertThat(ums.get(key, "/api/nothing").code()).isEqualTo("NOT_FOUND");
        assertThat(ums.call("GET", "/nothing", null, null).code()).isEqualTo("NOT_FOUND");
        assertThat(ums.get(key, "/api/messages?status=LOST").code()).isEqualTo("INVALID_PARAMETER");
        assertThat(ums.get(key, "/api/messages?limit=0").code()).isEqualTo("INVALID_PARAMETER");
        assertThat(ums.get(key, "/api/messages?cursor=x").code()).isEqualTo("INVALID_PARAMETER");
    }

    private static List<String> addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(it -> "user" + it + "@example.com")
                .toList();
    }
}
