package ums.channel.email;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static ums.channel.email.Mails.CREATED;
import static ums.channel.email.Mails.ID;
import static ums.channel.email.Mails.RULES;
import static ums.channel.email.Mails.assertWellFormed;
import static ums.channel.email.Mails.body;
import static ums.channel.email.Mails.decoded;
import static ums.channel.email.Mails.encodedWord;
import static ums.channel.email.Mails.encoding;
import static ums.channel.email.Mails.field;
import static ums.channel.email.Mails.head;
import static ums.channel.email.Mails.parsed;
import static ums.channel.email.Mails.render;
import static ums.channel.email.Mails.wellFormed;

import jakarta.mail.internet.MimeMultipart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ums.channel.Channel.Prepared;
import ums.channel.Delivery;
import ums.channel.Recipient;

/** The rendered mail, byte for byte and as another mail library reads it. */
class EmailRendererTest {

    @Test
    void aPlainMailHasTheExpectedText() {
        Email email = render(new Draft()
                .from("Shop <shop@example.com>")
                .to(List.of("\"Kim, Min\" <kim@example.com>", "su@예시.한국"))
                .cc(List.of("Acme Inc <acme@example.com>"))
                .bcc(List.of("archive@example.com"))
                .replyTo("help@example.com")
                .subject("Order 42")
                .text("Hello, Kim.\n\nYours")
                .headers(Map.of("X-Order", "42")));
        assertThat(new String(email.bytes(), US_ASCII)).isEqualTo("""
                        Date: Mon, 2 Nov 2026 23:59:58 +0000
                        From: Shop <shop@example.com>
                        Reply-To: help@example.com
                        To: "Kim, Min" <kim@example.com>, su@xn--vv4b11d.xn--3e0b707e
                        Cc: Acme Inc <acme@example.com>
                        Subject: Order 42
                        Message-ID: <019ab3c4-5d6e-7f80-9123-456789abcdef@example.com>
                        Auto-Submitted: auto-generated
                        X-Order: 42
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=UTF-8
                        Content-Transfer-Encoding: 7bit

                        Hello, Kim.

                        Yours
                        """.replace("\n", "\r\n"));
        assertThat(email.sender()).isEqualTo("shop@example.com");
        assertThat(email.eightBit()).isFalse();
        assertThat(email.internationalized()).isFalse();
    }

    @Test
    void twoBodiesAreAlternativesWithThePlainOneFirst() {
        Email email = render(new Draft().text("Hello").html("<p>Hello</p>"));
        String boundary = "--=_" + ID;
        assertThat(body(email))
                .isEqualTo("\r\n" + boundary
                        + "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello\r\n\r\n"
                        + boundary
                        + "\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n<p>Hello</p>\r\n\r\n"
                        + boundary + "--\r\n");
        assertThat(head(email)).contains("multipart/alternative;\r\n boundary=\"=_" + ID + "\"");

        assertThat(head(render(new Draft().text(null).html("<p>Hello</p>")))).contains("Content-Type: text/html; ");
        assertThat(head(render(new Draft().text(" \n").html("<p>Hello</p>")))).contains("Content-Type: text/html; ");
    }

    @Test
    void aBodyThatHoldsTheBoundaryCannotEndItsPart() throws Exception {
        String text = "one\r\n--=_" + ID + "\r\nContent-Type: text/html\r\n\r\n<b>two</b>\r\n--=_" + ID + "--\r\n";
        Email email = render(new Draft().text(text).html("<p>three</p>"));
        assertWellFormed(email);
        MimeMultipart parts = (MimeMultipart) parsed(email).getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(decoded(parts.getBodyPart(0))).isEqualTo(text);
    }

    @Test
    void everyAttemptRendersTheSameBytesForAnyRecipients() {
        Draft draft = new Draft()
                .to(List.of("a@example.com", "b@example.com"))
                .cc(List.of("c@example.com"))
                .bcc(List.of("secret@example.com"))
                .subject("주문이 접수되었습니다")
                .text("안녕")
                .html("<p>안녕</p>");
        Prepared<EmailContent> prepared = RULES.prepare(draft.content());
        Email first = EmailRenderer.render(
                new Delivery<>(ID, CREATED, prepared.content(), prepared.recipients(), 0, () -> true));
        for (Recipient left : prepared.recipients()) {
            Email again =
                    EmailRenderer.render(new Delivery<>(ID, CREATED, prepared.content(), List.of(left), 0, () -> true));
            assertThat(again.bytes()).isEqualTo(first.bytes());
            assertThat(again.recipients()).containsExactly(left);
        }
        assertThat(first.recipients()).isEqualTo(prepared.recipients());
        assertThat(new String(first.bytes(), UTF_8)).doesNotContain("secret").doesNotContainIgnoringCase("bcc");
    }

    @Test
    void theMessageIdIsTheMessageIdAtTheSendersDomain() {
        assertThat(head(render(new Draft().from("Shop <shop@예시.한국>"))))
                .contains("Message-ID: <" + ID + "@xn--vv4b11d.xn--3e0b707e>\r\n");
    }

    @Test
    void utf8StandsInAHeaderOnlyWhereAnAddressNeedsIt() throws Exception {
        Email email = render(new Draft()
                .from("상점 <shop@예시.한국>")
                .to(List.of("김민수 <민수@예시.한국>"))
                .subject("주문"));
        assertThat(email.internationalized()).isTrue();
        assertThat(email.eightBit()).isTrue();
        assertThat(email.recipients().getFirst().address()).isEqualTo("민수@xn--vv4b11d.xn--3e0b707e");
        assertThat(head(email).lines().filter(line -> !HeaderText.isAscii(line)))
                .containsExactly("To: " + encodedWord("김민수") + " <민수@xn--vv4b11d.xn--3e0b707e>");

        Email bcc = render(new Draft().bcc(List.of("민수@example.com")));
        assertThat(bcc.internationalized()).isTrue();
        assertThat(bcc.eightBit()).isFalse();

        Email domainOnly = render(new Draft().to(List.of("min@예시.한국")).text("안녕"));
        assertThat(domainOnly.internationalized()).isFalse();
        assertThat(domainOnly.eightBit()).isFalse();

        Email sender = render(new Draft().from("상점@example.com"));
        assertThat(sender.internationalized()).isTrue();
        assertThat(sender.sender()).isEqualTo("상점@example.com");
    }

    @Test
    void aStructuredFieldIsWrittenAsItIsAndNeverEncoded() {
        String url = "<https://shop.example/unsubscribe?q=" + "x".repeat(900) + "=?a?=>";
        for (String value : List.of(
                "<https://shop.example/u?t=abc>",
                "<https://shop.example/u?t==?abc?=>",
                "=?UTF-8?B?7ZWc?= <news.shop.example>",
                url)) {
            for (String written : List.of(value, value + " ", "  " + value)) {
                Email email = wellFormed(new Draft().headers(Map.of("list-unsubscribe", written)));
                assertThat(head(email)).contains("\r\nlist-unsubscribe: " + value + "\r\n");
            }
        }
        assertThat(field(wellFormed(new Draft().headers(Map.of("In-Reply-To", "<1@shop.example> "))), "In-Reply-To"))
                .isEqualTo("<1@shop.example>");
        assertThat(field(wellFormed(new Draft().headers(Map.of("Feedback-ID", ""))), "Feedback-ID"))
                .isEmpty();
    }

    @Test
    void aStructuredFieldIsFoldedBetweenItsParts() {
        String id = "<" + "1".repeat(30) + "@shop.example>";
        String references = (id + " ").repeat(40).strip();
        assertThat(folded("References", references)).isEqualTo(references);

        String url = "<https://shop.example/u?list=a,b, c&t=" + "x".repeat(60) + ">";
        assertThat(folded("List-Unsubscribe", url + ", <mailto:u@shop.example>," + url))
                .isEqualTo(url + ", <mailto:u@shop.example>, " + url);
        assertThat(folded("List-Unsubscribe", url)).isEqualTo(url);

        String name = "\"Shop, \\\" and more, \"";
        assertThat(folded("List-Id", name + " <" + "n".repeat(70) + ".shop.example>"))
                .isEqualTo(name + " <" + "n".repeat(70) + ".shop.example>");
        assertThat(folded("X-Auto-Response-Suppress", "OOF,  AutoReply")).isEqualTo("OOF,  AutoReply");
    }

    private static String folded(String name, String value) {
        String field = field(render(new Draft().headers(Map.of(name, value))), name);
        assertThat(field.lines()).allMatch(line -> line.length() <= 998);
        return field.replace("\r\n", "");
    }

    @Test
    void contentAcceptedByAnEarlierReleaseIsStillSent() {
        for (Map.Entry<String, String> header : Map.of(
                        "List-Unsubscribe", "<https://쇼핑.example/수신거부>",
                        "References", "<" + "1".repeat(1_000) + "@shop.example>",
                        "X-SMTPAPI", "{}",
                        "X-SES-CONFIGURATION-SET", "a",
                        "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
                .entrySet()) {
            assertThat(field(accepted(header.getKey(), header.getValue()), header.getKey()))
                    .isNotBlank();
        }
        Email own = accepted("auto-submitted", "no");
        assertThat(head(own)).contains("auto-submitted: no").doesNotContain("auto-generated");
    }

    private static Email accepted(String name, String value) {
        Prepared<EmailContent> prepared = RULES.prepare(new Draft().content());
        Email email = EmailRenderer.render(new Delivery<>(
                ID, CREATED, new Draft().headers(Map.of(name, value)).content(), prepared.recipients(), 0, () -> true));
        assertWellFormed(email);
        return email;
    }

    @Test
    void aBodyIsEncodedOnlyWhereItMustBeAndInTheSmallerWay() {
        assertThat(encoding("Plain text, with a tab\t.\r\nFromage\n.\n..\n>From\n"))
                .isEqualTo("7bit");
        assertThat(encoding("x".repeat(998))).isEqualTo("7bit");
        assertThat(encoding("x".repeat(999))).isEqualTo("quoted-printable");
        assertThat(encoding("trailing space \nnext")).isEqualTo("quoted-printable");
        assertThat(encoding("trailing tab\t")).isEqualTo("quoted-printable");
        assertThat(encoding("one\nFrom here")).isEqualTo("quoted-printable");
        assertThat(encoding("form feed\f and much more text")).isEqualTo("quoted-printable");
        assertThat(encoding("Grüße aus Köln, mit ein wenig Text darum herum")).isEqualTo("quoted-printable");
        assertThat(encoding("주문이 접수되었습니다")).isEqualTo("base64");
        assertThat(encoding("\u001B".repeat(100))).isEqualTo("base64");
        assertThat(encoding("é" + "=".repeat(50))).isEqualTo("base64");
        assertThat(encoding("é" + "-".repeat(50))).isEqualTo("quoted-printable");
        for (int korean = 0; korean < 60; korean++) {
            String text = "plain ".repeat(50) + "한 ".repeat(korean);
            int octets = body(render(new Draft().text(text))).length();
            int base64 = (int) (text.getBytes(UTF_8).length * 4L / 3 * 78 / 76) + 8;
            assertThat(octets).as("with %d", korean).isLessThanOrEqualTo(base64 + base64 / 20);
        }
    }

    @Test
    void trailingSpaceAndFromLinesAreEscaped() {
        assertThat(body(wellFormed(new Draft().text("From me \nto you\t\n"))))
                .isEqualTo("=46rom me=20\r\nto you=09\r\n");
        String body = body(wellFormed(new Draft().text("x".repeat(75) + "From a = b \n")));
        assertThat(body).isEqualTo("x".repeat(75) + "=\r\n=46rom a =3D b=20\r\n");
        assertThat(body(wellFormed(new Draft().text("x".repeat(76) + " \nFrom"))))
                .isEqualTo("x".repeat(75) + "=\r\nx=20\r\nFrom\r\n");
    }
}
