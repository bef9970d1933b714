package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ums.channel.Content;
import ums.channel.Violation;

/** Which header fields a caller may add. */
class EmailHeaderRulesTest {

    private final EmailContentRules rules = new EmailContentRules("ums@example.com");

    @Test
    void thereAreAtMostFiftyHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            headers.put("X-" + i, "1");
        }
        assertThat(pointers(new Draft().headers(headers).content())).isEmpty();
        headers.put("X-50", "1");
        assertThat(pointers(new Draft().headers(headers).content())).containsExactly("/headers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "Sender",
                "Reply-To",
                "To",
                "Cc",
                "Bcc",
                "Subject",
                "Date",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "Content-X",
                "Return-Path",
                "Received",
                "DKIM-Signature",
                "Resent-From",
                "Resent-Bcc",
            })
    void whatUmsSetsItselfIsRefusedInAnyCase(String name) {
        for (String spelling : List.of(name, name.toLowerCase(), name.toUpperCase())) {
            assertThat(pointers(new Draft().headers(headers(spelling, "x")).content()))
                    .containsExactly("/headers/" + spelling);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "X A", "X-A ", " X-A", "X:A", "X-A:", "X-é", "제목", "Bcc: x@evil.example"})
    void aHeadersNameIsAFieldName(String name) {
        assertThat(pointers(new Draft().headers(headers(name, "x")).content())).containsExactly("/headers/" + name);
    }

    @Test
    void otherHeadersAreWelcomeOnce() {
        assertThat(pointers(new Draft()
                        .headers(headers(
                                "List-Unsubscribe", "<https://x.example>", "X-!#$%&'*+-.^_`|~/", "", "Contents", " "))
                        .content()))
                .isEmpty();
        assertThat(pointers(new Draft()
                        .headers(headers("X-Order", "1", "x-order", "2"))
                        .content()))
                .containsExactly("/headers/x-order");
        assertThat(pointers(new Draft().headers(headers("X-A", null)).content()))
                .containsExactly("/headers/X-A");
    }

    @Test
    void aPointerEscapesTheNameOfAHeader() {
        assertThat(pointers(new Draft().headers(headers("a/b~c d", "1")).content()))
                .containsExactly("/headers/a~1b~0c d");
    }

    private List<String> pointers(Content content) {
        return Draft.violations(rules, content).stream().map(Violation::pointer).toList();
    }

    private static Map<String, String> headers(String... namesAndValues) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
