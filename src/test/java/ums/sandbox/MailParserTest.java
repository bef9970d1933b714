package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailParserTest {

    @Test
    void aMailWithPicturesAndAttachmentsShowsBothBodies() {
        InboxMail mail = parse("""
                Subject: =?EUC-KR?B?yKPL?=
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: text/plain; charset=UTF-8
                Content-Disposition: attachment; filename=terms.txt

                the terms
                --outer
                Content-Type: multipart/alternative; boundary=inner

                --inner
                Content-Type: text/plain; charset=UTF-8
                Content-Transfer-Encoding: base64

                7JWI64WV7ZWY7IS47JqU
                --inner
                Content-Type: multipart/related; boundary=innermost

                --innermost
                Content-Type: text/html; charset=UTF-8
                Content-Transfer-Encoding: quoted-printable

                <p>=EC=95=88=EB=85=95</p>
                --innermost
                Content-Type: image/png
                Content-Transfer-Encoding: base64

                AAAA
                --innermost--
                --inner--
                --outer--
                """);

        assertThat(mail.text()).isEqualTo("안녕하세요");
        assertThat(mail.html()).isEqualTo("<p>안녕</p>");
    }

    @Test
    void aBodyIsReadInItsOwnCharset() {
        byte[] raw = "Content-Type: text/html; charset=EUC-KR\r\n\r\n<p>대출</p>".getBytes(Charset.forName("EUC-KR"));

        InboxMail mail = parse(raw);

        assertThat(mail.html()).isEqualTo("<p>대출</p>");
        assertThat(mail.text()).isNull();
    }

    /** Programs in Korea send windows-949 under the name of its predecessor. */
    @ParameterizedTest
    @ValueSource(strings = {"ks_c_5601-1987", "EUC-KR", "ksc5601", "windows-949", "cp949", "MS949"})
    void windows949IsReadUnderItsOlderNames(String name) {
        Charset charset = Charset.forName("x-windows-949");
        String word = Base64.getEncoder().encodeToString("똠방각하 주문".getBytes(charset));
        byte[] raw = ("Subject: =?" + name + "?B?" + word + "?=\r\nContent-Type: text/plain; charset=\"" + name
                        + "\"\r\n\r\n뷁 똠방각하")
                .getBytes(charset);

        InboxMail mail = parse(raw);

        assertThat(mail.subject()).isEqualTo("똠방각하 주문");
        assertThat(mail.headers()).containsEntry("Subject", "똠방각하 주문");
        assertThat(mail.text()).isEqualTo("뷁 똠방각하");
    }

    /** Each of these took the library minutes, or overflowed the stack. */
    @Test
    void hostileMailsAreShownUndecoded() {
        int many = 300_000;
        for (String mail : List.of(
                "A: b\r\n".repeat(many) + "\r\nx",
                "A: b" + "\r\n c".repeat(many) + "\r\n\r\nx",
                "Subject: " + "=?x-none?Q?a?= ".repeat(many) + "\r\n\r\nx",
                "Content-Type: text/plain" + "; a=b".repeat(40_000) + "\r\n\r\nx",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(many) + "--b--",
                "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain\r\n\r\n"
                        + "=\r\n".repeat(many))) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(10), () -> assertThat(parse(mail).text()).startsWith(mail.substring(0, 60_000)));
        }
    }

    @Test
    void aHeaderOfManyFieldsAndFoldsIsReadInOnePass() {
        InboxMail mail = parse("A: b\r\n".repeat(20_000) + "B: b" + "\r\n c".repeat(20_000) + "\r\n\r\nx");

        assertThat(mail.headers()).containsEntry("B", "b" + " c".repeat(20_000));
        assertThat(mail.headers().get("A")).hasSize(2 * 20_000 - 1);
    }

    @Test
    void aBodyWithoutAKnownCharsetIsReadAsUtf8() {
        assertThat(parse("Subject: bare\n\n안녕").text()).isEqualTo("안녕");
        assertThat(parse("Content-Type: text/plain; charset=x-klingon\n\n안녕").text())
                .isEqualTo("안녕");
    }

    @Test
    void headerFieldsAreDecodedUnfoldedAndNeverLost() {
        InboxMail mail = parse("""
                Received: from one
                Received: from
                 another
                From: =?UTF-8?B?6rmA?= <kim@example.com>
                To: 박@example.com
                Message-ID: <1@example.com>
                Subject: =?UTF-8?Q?=EC=A3=BC=EB=AC=B8?=
                 =?UTF-8?Q?=EC=9D=B4?=

                body
                """);

        assertThat(mail.headers())
                .containsExactly(
                        entry("Received", "from one\nfrom another"),
                        entry("From", "김 <kim@example.com>"),
                        entry("To", "박@example.com"),
                        entry("Message-ID", "<1@example.com>"),
                        entry("Subject", "주문이"));
        assertThat(mail.subject()).isEqualTo("주문이");
    }

    @Test
    void aMailThatCannotBeDecodedIsShownAsItIs() {
        String noParts = "Subject: broken\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nno parts at all\r\n";
        // A line that claims more octets than uuencode allows: the library runs over the end of its buffer.
        String overlong = "Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\r\nS" + "A".repeat(80) + "\r\n";

        assertThat(parse(noParts).text()).isEqualTo(noParts);
        assertThat(parse(noParts).subject()).isEqualTo("broken");
        assertThat(parse(overlong).text()).isEqualTo(overlong);
        assertThat(parse("").text()).isEmpty();
    }

    @Test
    void nestingIsDecodedUpToALimit() {
        assertThat(parse(nested(30)).text()).isEqualTo("the kernel");
        assertThat(parse(nested(31)).text()).isNull();
    }

    private static String nested(int levels) {
        String mail = "Content-Type: text/plain\r\n\r\nthe kernel";
        for (int i = 0; i < levels; i++) {
            mail = "Content-Type: multipart/mixed; boundary=b%1$d.\r\n\r\n--b%1$d.\r\n%2$s\r\n--b%1$d.--\r\n"
                    .formatted(i, mail);
        }
        return mail;
    }

    /** Every mail must be listed. The seeds are fixed, so that a failure can be reproduced. */
    @Test
    void randomBytesAreListedToo() {
        String[] words = {
            "Subject",
            ":",
            " ",
            "\r\n",
            "\r\n\r\n",
            "Content-Type: multipart/mixed; boundary=",
            "b",
            "--b",
            "--",
            "Content-Type: text/plain; charset=",
            "\"",
            ";",
            "=?UTF-8?B?",
            "?=",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: x\r\n",
            "Content-Disposition: ;",
            "=",
            "\0",
            "é",
            "\uD83D"
        };
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder raw = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                raw.append(words[random.nextInt(words.length)]);
            }

            assertThat(parse(raw.toString()).n()).as("seed %d", seed).isEqualTo(1);
        }
    }

    private static InboxMail parse(String raw) {
        return parse(raw.getBytes(StandardCharsets.UTF_8));
    }

    private static InboxMail parse(byte[] raw) {
        Inbox.Envelope envelope =
                new Inbox.Envelope("shop@example.com", List.of("kim@example.com"), Instant.EPOCH, raw.length);
        return MailParser.parse(1, envelope, raw);
    }
}
