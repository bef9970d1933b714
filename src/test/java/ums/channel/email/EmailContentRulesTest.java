package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ums.channel.Channel.Prepared;
import ums.channel.Recipient;
import ums.channel.Recipient.Kind;
import ums.channel.Violation;

/** The rules for the content of an e-mail, and the errors that a caller gets. */
class EmailContentRulesTest {

    private static final String DEFAULT_FROM = "UMS <ums@example.com>";

    private final EmailContentRules rules = new EmailContentRules(DEFAULT_FROM);

    @Test
    void aCompleteMessageStaysAsItWasWritten() {
        EmailContent content = new EmailContent(
                "Shop <no-reply@shop.example>",
                List.of("Kim <kim@example.com>"),
                List.of("김민수 <min@예시.한국>"),
                List.of("archive@localhost"),
                "help@shop.example",
                "주문이 접수되었습니다 🎉",
                "안녕\n",
                "<p>안녕</p>",
                Map.of("X-Order", "42"));
        Prepared prepared = rules.prepare(content);
        assertThat(prepared.content()).isEqualTo(content);
        assertThat(prepared.recipients())
                .containsExactly(
                        new Recipient("kim@example.com", Kind.TO),
                        new Recipient("min@xn--vv4b11d.xn--3e0b707e", Kind.CC),
                        new Recipient("archive@localhost", Kind.BCC));
    }

    @Test
    void aMessageWithoutASenderGetsTheDefaultOne() {
        assertThat(rules.prepare(new Draft().from(null).content()).content().from())
                .isEqualTo(DEFAULT_FROM);
    }

    @Test
    void withoutADefaultSenderTheErrorNamesBothRemedies() {
        EmailContentRules noDefault = new EmailContentRules(null);
        assertThat(violations(noDefault, new Draft().from(null)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.pointer()).isEqualTo("/from");
                    assertThat(violation.detail()).contains("name a sender").contains("ums.email.from");
                });
        assertThat(noDefault.prepare(new Draft().content()).content().from()).isEqualTo("shop@example.com");
    }

    @Test
    void allViolationsAreReportedAtOnceInTheOrderOfTheMessage() {
        EmailContent content = new EmailContent(
                "nobody",
                List.of("kim@example.com", "kim", "a@x.com, b@x.com"),
                List.of("@"),
                Collections.singletonList(null),
                "",
                "one\ntwo",
                null,
                "nul \u0000",
                headers("X-Good", "1", "Subject", "2", "X-Bad", "one\r\nBcc: x@evil.example"));
        assertThat(pointers(content))
                .containsExactly(
                        "/from",
                        "/to/1",
                        "/to/2",
                        "/cc/0",
                        "/bcc/0",
                        "/replyTo",
                        "/subject",
                        "/html",
                        "/headers/Subject",
                        "/headers/X-Bad");
    }

    @Test
    void anEmptyMessageLacksRecipientSubjectAndBody() {
        EmailContent content =
                new EmailContent(null, List.of(), List.of(), List.of(), null, null, null, null, Map.of());
        assertThat(pointers(content)).containsExactly("/to", "/subject", "/text");
        assertThat(pointers(new Draft().subject(" \u3000").text(" \n").html("").content()))
                .containsExactly("/subject", "/text");
        assertThat(pointers(
                        new Draft().to(List.of()).cc(List.of("kim@example.com")).content()))
                .containsExactly("/to");
    }

    @Test
    void oneBodyIsEnough() {
        assertThat(pointers(new Draft().text("hello").html(null).content())).isEmpty();
        assertThat(pointers(new Draft().text(null).html("<p>hello</p>").content()))
                .isEmpty();
    }

    @Test
    void anAddressNamedTwiceIsOneRecipientOfTheFirstKind() {
        Prepared prepared = rules.prepare(new Draft()
                .to(List.of("Kim <kim@Example.com>", "kim@example.COM", "Kim@example.com"))
                .cc(List.of("min@예시.한국", "kim@EXAMPLE.com"))
                .bcc(List.of("\"min\"@xn--vv4b11d.xn--3e0b707e", "su@example.com"))
                .content());
        assertThat(prepared.recipients())
                .containsExactly(
                        new Recipient("kim@Example.com", Kind.TO),
                        // Another mailbox, perhaps: only its server knows.
                        new Recipient("Kim@example.com", Kind.TO),
                        new Recipient("min@xn--vv4b11d.xn--3e0b707e", Kind.CC),
                        new Recipient("su@example.com", Kind.BCC));
    }

    @Test
    void aMessageHasAtMostAHundredRecipients() {
        assertThat(rules.prepare(new Draft().to(many(100)).content()).recipients())
                .hasSize(100);
        assertThat(rules.prepare(new Draft()
                                .to(many(98))
                                .cc(List.of("c@x.com"))
                                .bcc(List.of("b@x.com"))
                                .content())
                        .recipients())
                .hasSize(100);
        assertThat(pointers(new Draft().to(many(101)).content())).containsExactly("/to");
        assertThat(pointers(new Draft().to(many(50)).cc(many(51)).content())).containsExactly("/cc");
        assertThat(pointers(new Draft().to(many(99)).cc(many(1)).bcc(many(1)).content()))
                .containsExactly("/bcc");
        // However long the list, the answer stays short.
        assertThat(pointers(new Draft().to(Collections.nCopies(10_000, "bad")).content()))
                .hasSize(101);
    }

    @Test
    void lengthsAreBounded() {
        assertThat(pointers(new Draft().subject("s".repeat(998)).content())).isEmpty();
        assertThat(pointers(new Draft().subject("s".repeat(999)).content())).containsExactly("/subject");
        assertThat(pointers(new Draft().text("t".repeat(5_000_000)).content())).isEmpty();
        assertThat(pointers(new Draft().text("t".repeat(5_000_001)).content())).containsExactly("/text");
        assertThat(pointers(new Draft().html("h".repeat(5_000_001)).content())).containsExactly("/html");
        assertThat(pointers(
                        new Draft().headers(headers("X-A", "v".repeat(2_000))).content()))
                .isEmpty();
        assertThat(pointers(
                        new Draft().headers(headers("X-A", "v".repeat(2_001))).content()))
                .containsExactly("/headers/X-A");
        String name = "N".repeat(76);
        assertThat(pointers(new Draft().headers(headers(name, "1")).content())).isEmpty();
        assertThat(pointers(new Draft().headers(headers(name + "N", "1")).content()))
                .containsExactly("/headers/" + name + "N");
        assertThat(pointers(
                        new Draft().headers(headers("N".repeat(100_000), "1")).content()))
                .containsExactly("/headers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nBcc: x@evil.example",
                "\nBcc: x@evil.example",
                "\rBcc: x@evil.example",
                "\r\n\r\n<script>",
                "\u0085Bcc: x@evil.example",
                "\u2028Bcc: x@evil.example",
                "\u2029Bcc: x@evil.example",
                "\u0000",
                "\u0008",
                "\t",
                "\u001B[2J",
                "\u007F",
                "\u0090",
                "\uD800",
                "\uDC00x",
            })
    void noFieldAcceptsLineBreaksControlsOrBrokenCharacters(String injected) {
        for (String address : List.of(
                "kim@example.com" + injected,
                injected + "kim@example.com",
                "Kim" + injected + " <kim@example.com>",
                "\"Kim" + injected + "\" <kim@example.com>",
                "Kim <kim@example.com" + injected + ">",
                "Kim <\"kim" + injected + "\"@example.com>",
                "Kim <kim@example.com>" + injected)) {
            assertThat(pointers(new Draft().from(address).content())).containsExactly("/from");
            assertThat(pointers(new Draft().to(List.of(address)).content())).containsExactly("/to/0");
            assertThat(pointers(new Draft().cc(List.of(address)).content())).containsExactly("/cc/0");
            assertThat(pointers(new Draft().bcc(List.of(address)).content())).containsExactly("/bcc/0");
            assertThat(pointers(new Draft().replyTo(address).content())).containsExactly("/replyTo");
        }
        for (String text : List.of("Hello" + injected, injected + "Hello", "Hel" + injected + "lo")) {
            assertThat(pointers(new Draft().subject(text).content())).containsExactly("/subject");
            assertThat(pointers(new Draft().headers(headers("X-A", text)).content()))
                    .containsExactly("/headers/X-A");
            // A pointer with such a name in it would garble the answer and the log.
            assertThat(pointers(new Draft().headers(headers("X-" + text, "1")).content()))
                    .containsExactly("/headers");
        }
    }

    @Test
    void noAddressFieldAcceptsInvisibleCharacters() {
        for (String address :
                List.of("\u200Bkim@example.com", "Kim <\u2068kim@example.com\u2069>", "\u202Ekim <kim@example.com>")) {
            assertThat(pointers(new Draft().from(address).content())).containsExactly("/from");
            assertThat(pointers(
                            new Draft().to(List.of("su@example.com", address)).content()))
                    .containsExactly("/to/1");
            assertThat(pointers(new Draft().cc(List.of(address)).content())).containsExactly("/cc/0");
            assertThat(pointers(new Draft().bcc(List.of(address)).content())).containsExactly("/bcc/0");
            assertThat(pointers(new Draft().replyTo(address).content())).containsExactly("/replyTo");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EmailChannel.validFrom(address))
                    .withMessageContaining("ums.email.from")
                    .withMessageContaining("U+2");
        }
    }

    @Test
    void bodiesAcceptLineBreaksButNoNulAndNoBrokenCharacter() {
        assertThat(pointers(new Draft().text("a\r\nb\rc\nd\te\f\u001B 🎉").content()))
                .isEmpty();
        for (String bad : List.of("\u0000", "a\uD83D", "\uDF89b", "\uDF89\uD83C")) {
            assertThat(pointers(new Draft().text(bad + "text").content())).containsExactly("/text");
            assertThat(pointers(new Draft().html("html" + bad).content())).containsExactly("/html");
        }
    }

    @Test
    void noDetailRepeatsAValue() {
        EmailContent content = new EmailContent(
                "zqzq",
                List.of(
                        "zqzq zqzq@x.com",
                        "zqzq@zq_zq.com",
                        "zqzq@zqzq\u00DF.com",
                        "zqzq@[zqzq]",
                        "zqzq, <zqzq@x.com>"),
                List.of("zqzq@zqzq..com", "\"zqzq@x.com", "<zqzq@x.com> zqzq", "zqzq@예\uFF20zqzq"),
                List.of(),
                "zqzq",
                "zqzq\n",
                "zqzq\u0000",
                "zqzq\uD800",
                headers("X-A", "zqzq\n", "Bcc", "zqzq"));
        List<Violation> violations = Draft.violations(rules, content);
        assertThat(violations).hasSize(16).allSatisfy(violation -> {
            assertThat(violation.detail()).doesNotContain("zqzq").endsWith(".");
        });
    }

    private List<String> pointers(EmailContent content) {
        return Draft.violations(rules, content).stream().map(Violation::pointer).toList();
    }

    private static List<Violation> violations(EmailContentRules rules, Draft draft) {
        return Draft.violations(rules, draft.content());
    }

    private static List<String> many(int count) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add("r" + i + "@example.com");
        }
        return addresses;
    }

    private static Map<String, String> headers(String... namesAndValues) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
