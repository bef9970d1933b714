package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
                "Auto-Submitted",
                "X-SMTPAPI",
                "X-SES-CONFIGURATION-SET",
                "X-SES-MESSAGE-TAGS",
                "X-PM-Message-Stream",
                "X-Mailgun-Variables",
                "X-MJ-CustomID",
                "X-MSYS-API",
                "X-MC-Track",
                "X-SIB-API",
                "X-KumoRef",
                "X-Kumo-Tenant",
                "X-Postal-Tag",
                "Resend-Idempotency-Key",
                "X-UMS-Tag",
            })
    void fieldsOfUmsAndCommandsToProvidersAreRefusedInAnyCase(String name) {
        for (String spelling : List.of(name, name.toLowerCase(), name.toUpperCase())) {
            assertThat(pointers(new Draft().headers(headers(spelling, "x")).content()))
                    .containsExactly("/headers/" + spelling);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "X A", "X-A ", " X-A", "X:A", "X-A:", "X-é", "제목", "Bcc: x@evil.example"})
    void aHeaderNameMustBeAFieldName(String name) {
        assertThat(pointers(new Draft().headers(headers(name, "x")).content())).containsExactly("/headers/" + name);
    }

    @Test
    void otherHeadersAreAcceptedOnce() {
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
    void fieldsThatOnlyLookLikeCommandsAreAccepted() {
        assertThat(pointers(new Draft()
                        .headers(headers(
                                "X-SES",
                                "1",
                                "X-PM",
                                "1",
                                "X-SMTPAPI2",
                                "1",
                                "X-MCare",
                                "1",
                                "Resend",
                                "1",
                                "X-UMSX",
                                "1"))
                        .content()))
                .isEmpty();
    }

    @Test
    void oneClickUnsubscribeNeedsAnHttpsUrl() {
        String oneClick = "List-Unsubscribe=One-Click";
        for (String url : List.of("<https://x.example/u>", " <mailto:u@x.example>, <HTTPS://x.example/u> ")) {
            assertThat(pointers(new Draft()
                            .headers(headers("list-unsubscribe", url, "List-Unsubscribe-Post", oneClick))
                            .content()))
                    .isEmpty();
        }
        for (String url : List.of("<http://x.example/u>", "<mailto:u@x.example>", "https://x.example", "")) {
            assertThat(pointers(new Draft()
                            .headers(headers("List-Unsubscribe-Post", oneClick, "List-Unsubscribe", url))
                            .content()))
                    .containsExactly("/headers/List-Unsubscribe-Post");
        }
        assertThat(pointers(new Draft()
                        .headers(headers("LIST-UNSUBSCRIBE-POST", oneClick))
                        .content()))
                .containsExactly("/headers/LIST-UNSUBSCRIBE-POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "List-Unsubscribe",
                "LIST-UNSUBSCRIBE",
                "List-Id",
                "List-Help",
                "List-Whatever",
                "References",
                "In-Reply-To",
                "Precedence",
                "Feedback-ID",
                "ARC-Seal",
                "Disposition-Notification-To",
                "X-Priority",
            })
    void structuredFieldsMustBeWritableAsTheyAre(String name) {
        for (String value : List.of(
                "<https://쇼핑.example/수신거부>",
                "쇼핑 <news.shop.example>",
                "<1@shop.example>\u00A0",
                "<" + "1".repeat(998 - name.length() - 2) + ">",
                "a, <" + "1".repeat(996) + ">",
                "a," + "1".repeat(998))) {
            Violation violation = Draft.violations(
                            rules, new Draft().headers(headers(name, value)).content())
                    .getFirst();
            assertThat(violation.pointer()).isEqualTo("/headers/" + name);
            assertThat(violation.detail())
                    .matches(it -> it.contains("percent-encode") || it.contains("too long"))
                    .doesNotContain("쇼핑", "shop");
        }
        for (String value : List.of(
                " <https://shop.example/u?t==?abc?=> ",
                "<" + "1".repeat(998 - name.length() - 4) + ">",
                "a, <" + "1".repeat(995) + ">",
                "a," + "1".repeat(997))) {
            assertThat(pointers(new Draft().headers(headers(name, value)).content()))
                    .isEmpty();
            Mails.wellFormed(new Draft().headers(headers(name, value)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Comments", "Keywords", "Organization", "X-Order", "Thread-Topic", "X-List-Name"})
    void unstructuredFieldsMayHoldAnyText(String name) {
        for (String value : List.of("주문 42 ", " =?UTF-8?B?7ZWc?=", "x".repeat(2_000))) {
            assertThat(pointers(new Draft().headers(headers(name, value)).content()))
                    .isEmpty();
        }
    }

    @Test
    void aPointerEscapesTheNameOfAHeader() {
        assertThat(pointers(new Draft().headers(headers("a/b~c d", "1")).content()))
                .containsExactly("/headers/a~1b~0c d");
    }

    private List<String> pointers(EmailContent content) {
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
