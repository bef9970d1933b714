package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.mail.internet.InternetAddress;
import java.text.Normalizer;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mailboxes are accepted, and how they are parsed; which are refused. */
class EmailAddressTest {

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '§', nullValues = "-", textBlock = """
                    a@b.com                              | -              | a@b.com
                    §  a@b.com  §                        | -              | a@b.com
                    <a@b.com>                            | -              | a@b.com
                    < a@b.com >                          | -              | a@b.com
                    Kim <kim@example.com>                | Kim            | kim@example.com
                    Kim<kim@example.com>                 | Kim            | kim@example.com
                    Kim  Min   Su <kim@example.com>      | Kim Min Su     | kim@example.com
                    "Kim, Min" <k@x.kr>                  | Kim, Min       | k@x.kr
                    "Kim \\"the\\" \\\\ Min" <k@x.kr>    | Kim "the" \\ Min | k@x.kr
                    Dr. "Kim, Min" Su <k@x.kr>           | Dr. Kim, Min Su | k@x.kr
                    "a <b@c.kr>" <k@x.kr>                | a <b@c.kr>     | k@x.kr
                    "" <k@x.kr>                          | -              | k@x.kr
                    Acme Inc. <a@b.com>                  | Acme Inc.      | a@b.com
                    [UMS] O'Brien <a@b.com>              | [UMS] O'Brien  | a@b.com
                    김민수 <min@example.com>                | 김민수          | min@example.com
                    "김, 민수" <min@example.com>            | 김, 민수        | min@example.com
                    🎉 파티 <min@example.com>              | 🎉 파티         | min@example.com
                    =?utf-8?Q?=0D=0ABcc?= <a@b.com>      | =?utf-8?Q?=0D=0ABcc?= | a@b.com
                    민수@example.com                       | -              | 민수@example.com
                    "a b"@x.com                          | -              | "a b"@x.com
                    "a@b<c>"@x.com                       | -              | "a@b<c>"@x.com
                    Kim <"a \\"b\\" > c"@x.com>          | Kim            | "a \\"b\\" > c"@x.com
                    "needless"@x.com                     | -              | needless@x.com
                    "민수"@x.com                           | -              | 민수@x.com
                    first.last+tag@x.com                 | -              | first.last+tag@x.com
                    !#$%&'*+-/=?^_`{|}~@x.com            | -              | !#$%&'*+-/=?^_`{|}~@x.com
                    user@localhost                       | -              | user@localhost
                    user@Mail-Host.EXAMPLE               | -              | user@Mail-Host.EXAMPLE
                    user@3com.com                        | -              | user@3com.com
                    kim@예시.한국                           | -              | kim@예시.한국
                    kim@xn--vv4b11d.xn--3e0b707e         | -              | kim@xn--vv4b11d.xn--3e0b707e
                    a@[127.0.0.1]                        | -              | a@[127.0.0.1]
                    a@[IPv6:2001:db8::1]                 | -              | a@[IPv6:2001:db8::1]
                    a@[ipv6:::ffff:192.0.2.1]            | -              | a@[ipv6:::ffff:192.0.2.1]
                    """)
    void understands(String written, String displayName, String address) {
        assertThat(EmailAddress.parse(written)).isEqualTo(new EmailAddress(displayName, address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "kim",
                "Kim Min",
                "@example.com",
                "kim@",
                "<>",
                "Kim <>",
                "Kim <kim>",
                "\"\"@x.com",
                "a@b@c.com",
                "a b@x.com",
                "a @x.com",
                "a@ x.com",
                "a@x .com",
                ".a@x.com",
                "a.@x.com",
                "a..b@x.com",
                "a,b@x.com",
                "a:b@x.com",
                "a(b)@x.com",
                "a\"b\"@x.com",
                "\"a\"b@x.com",
                "\"a\".b@x.com",
                "\"a@x.com",
                "\"a\\\"@x.com",
                "a\u3000b@x.com",
                "a\u00A0b@x.com",
                "=?utf-8?Q?b=40evil.com=3E?=@x.com",
                "\"=?utf-8?Q?b?=\"@x.com",
                "\"=?utf-8?Q?b c?=\"@x.com",
                "a@x..com",
                "a@.com",
                "a@x.com.",
                "a@-x.com",
                "a@x-.com",
                "a@x_y.com",
                "a@x.com/y",
                "a@x.c\uFF20m",
                "a@x\uFF0F.com",
                "a@예시..한국",
                "a@예시。",
                "a@예_시.한국",
                "a@예 시.한국",
                "a@예시.한국>",
                "a@\u00AD.com",
                "a@stra\u00DFe.de",
                "a@x\u200Dy.com",
                "a@127.0.0.1",
                "a@[127.0.0.1",
                "a@[]",
                "a@[1]",
                "a@[127.0.0.256]",
                "a@[127.0.0]",
                "a@[127.0.0.1.]",
                "a@[IPv6:1::2::3]",
                "a@[IPv6:::1%lo]",
                "a@[IPv6:]",
                "a@[mailhost]",
                "a@x.com, b@y.com",
                "a@x.com; b@y.com",
                "a@x.com b@y.com",
                "<a@x.com>, <b@y.com>",
                "Kim <a@x.com>, Min <b@y.com>",
                "Kim <a@x.com> Min",
                "Kim <a@x.com>>",
                "Kim <<a@x.com>>",
                "Kim <a@x.com> <b@y.com>",
                "Kim <a@x.com",
                "Kim a@x.com>",
                "Kim, Min <a@x.com>",
                "Kim (Min) <a@x.com>",
                "a@x.com (Kim)",
                "a@x.com <b@y.com>",
                "Kim \\ Min <a@x.com>",
                "\"Kim <a@x.com>",
                "\"Kim\\\" <a@x.com>",
                "Team: a@x.com, b@y.com;",
                "Team: <a@x.com>;",
                "undisclosed-recipients:;",
                "<@relay.com:a@x.com>",
                "<@relay.com,@other.com:a@x.com>",
                "mailto:a@x.com",
            })
    void refuses(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                "\n",
                "\r\n",
                "\u0000",
                "\t",
                "\u0001",
                "\u001B",
                "\u007F",
                "\u0085",
                "\u009F",
                "\u2028",
                "\u2029",
                "\uD83D",
                "\uDE00",
                "\uDE00\uD83D"
            })
    void refusesControlsAndLineBreaksAnywhere(String bad) {
        String good = "\"Kim\" Min <\"a b\"@example.com>";
        for (int i = 0; i <= good.length(); i++) {
            String written = good.substring(0, i) + bad + good.substring(i);
            assertThatIllegalArgumentException()
                    .as("at %d", i)
                    .isThrownBy(() -> EmailAddress.parse(written))
                    .withMessageStartingWith("The address holds ");
        }
    }

    /** Text copied from a web page or a table, and characters that no keyboard has. */
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
                    zero width space in front       | \\u200Bkim@example.com             | U+200B
                    byte order mark in front        | \\uFEFFkim@example.com             | U+FEFF
                    left-to-right mark              | kim\\u200E@example.com             | U+200E
                    soft hyphen                     | k\\u00ADim@example.com             | U+00AD
                    word joiner                     | kim\\u2060@example.com             | U+2060
                    isolates around                 | \\u2068kim@example.com\\u2069       | U+2068
                    isolates in the brackets        | Kim <\\u2068kim@example.com\\u2069> | U+2068
                    an isolate behind               | kim@example.com\\u2069             | U+2069
                    full-width letters              | \\uFF4B\\uFF49\\uFF4D@example.com   | U+FF4B
                    replacement character           | kim\\uFFFD@example.com             | U+FFFD
                    object replacement character    | kim\\uFFFC@example.com             | U+FFFC
                    non-character                   | kim\\uFFFE@example.com             | U+FFFE
                    non-character of another plane  | kim\\uD83F\\uDFFF@example.com       | U+1FFFF
                    private use                     | kim\\uE000@example.com             | U+E000
                    private use of another plane    | kim\\uDB80\\uDC00@example.com       | U+F0000
                    unassigned                      | kim\\u0378@example.com             | U+0378
                    a tag                           | kim\\uDB40\\uDC41@example.com       | U+E0041
                    variation selector              | kim\\uFE0F@example.com             | U+FE0F
                    grapheme joiner                 | kim\\u034F@example.com             | U+034F
                    Hangul filler                   | kim\\u3164@example.com             | U+3164
                    blank of Braille                | kim\\u2800@example.com             | U+2800
                    zero width joiner               | kim\\u200D@example.com             | U+200D
                    a consonant alone               | \\u1112\\u1112@example.com           | U+1112
                    a ligature                      | \\uFB01n@example.com               | U+FB01
                    a mark without its letter       | \\u0301kim@example.com             | U+0301
                    a mark behind a dot             | a.\\u0301kim@example.com           | U+0301
                    in quotation marks              | "kim \\u200B"@example.com          | U+200B
                    a space in quotation marks      | "kim\\u3000"@example.com           | U+3000
                    zero width space in the domain  | kim@exam\\u200Bple.com             | U+200B
                    soft hyphen in the domain       | kim@exam\\u00ADple.com             | U+00AD
                    left-to-right mark in a domain  | kim@example.com\\u200E             | U+200E
                    full-width letters in a domain  | kim@\\uFF45xample.com              | U+FF45
                    a full-width dot                | kim@example\\uFF0Ecom              | U+FF0E
                    a sign in the domain            | kim@\\uD83D\\uDCA9.la                | U+1F4A9
                    private use in the domain       | kim@\\uE000.com                    | U+E000
                    a letter of the future          | kim@\\u0378.com                    | U+0378
                    a mark without its letter       | kim@\\u0301a.com                   | U+0301
                    a ligature in the domain        | kim@\\uFB01n.com                   | U+FB01
                    old Hangul                      | kim@\\u1112\\u119E.kr                | U+1112
                    digits of two kinds             | kim@a\\u0661\\u06F1.com              | U+0661
                    a middle dot between others     | kim@a\\u00B7b.com                  | U+00B7
                    an override in the name         | "Kim \\u202Emoc" <kim@example.com> | U+202E
                    an isolate in the name          | \\u2067Kim <kim@example.com>       | U+2067
                    """)
    void refusesInvisibleCharactersAndNamesThem(String what, String escaped, String number) {
        String written = unescaped(escaped);
        assertThatIllegalArgumentException()
                .as(what)
                .isThrownBy(() -> EmailAddress.parse(written))
                .withMessageContaining(number)
                .withMessageNotContaining("kim")
                .withMessageNotContaining("example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "민수@예시.한국",
                "田中@例え.テスト",
                "たなか・かな@コム・ドット.jp",
                "王小明@例子.中国",
                "موقع@مثال.إختبار",
                "иван@пример.рф",
                "สมชาย@ตัวอย่าง.ไทย",
                "น้ำใส@น้ำใส.ไทย",
                "ນ້ຳ@ຕົວຢ່າງ.ລາວ",
                "डाटा@उदाहरण.भारत",
                "γιώργος@παράδειγμα.ελ",
                "renée.o'brien+tag@bücher.example",
                "kim@col·legi.cat",
                "🎉@example.com",
                "👍🏽@example.com",
            })
    void acceptsAllScriptsInLocalPartAndDomain(String written) {
        EmailAddress address = EmailAddress.parse("김민수 <" + written + ">");
        assertThat(address.address()).isEqualTo(written);
        assertThat(address.asciiDomain()).matches("[a-z0-9.-]+");
        assertThat(EmailAddress.parse(address.envelope()).identity()).isEqualTo(address.identity());
    }

    @Test
    void decomposedTextIsComposed() {
        String parts = Normalizer.normalize("김민수 <민수.é@한국어.한국>", Normalizer.Form.NFD);
        assertThat(parts).isNotEqualTo("김민수 <민수.é@한국어.한국>");
        assertThat(EmailAddress.parse(parts)).isEqualTo(EmailAddress.parse("김민수 <민수.é@한국어.한국>"));
        // An address whose composed form needs quotes is still refused.
        assertRefused("a\u037Eb@example.com");
        assertRefused("Kim <\u0338kim@example.com>");
    }

    @Test
    void namesKeepJoinersThatScriptsAndEmojisNeed() {
        for (String name : List.of(
                "👨\u200D👩\u200D👧",
                "می\u200Cخواهم",
                "क\u094D\u200Dष",
                "\u200Fשלום",
                "🏴\uDB40\uDC67\uDB40\uDC7F",
                "❤\uFE0F")) {
            assertThat(EmailAddress.parse(name + " <kim@example.com>").displayName())
                    .isEqualTo(name);
        }
    }

    @Test
    void enforcesTheLengthsOfRfc5321() {
        String label = "d".repeat(63);
        String domain = label + "." + label + "." + label;
        assertAccepted("l".repeat(64) + "@x.com");
        assertRefused("l".repeat(65) + "@x.com");
        assertAccepted("민".repeat(21) + "@x.com");
        assertRefused("민".repeat(22) + "@x.com");
        assertAccepted("\"" + " ".repeat(62) + "\"@x.com");
        assertRefused("\"" + " ".repeat(63) + "\"@x.com");
        assertAccepted("a@" + label + ".com");
        assertRefused("a@" + label + "d.com");
        assertAccepted("l".repeat(62) + "@" + domain);
        assertRefused("l".repeat(63) + "@" + domain);
        assertRefused("l@" + domain + "." + label + "." + label);
        // 13 letters of Hangul in a label are fewer than 63 octets, in UTF-8 and as an A-label; 60 are not.
        assertAccepted("a@" + "한".repeat(13) + ".kr");
        assertRefused("a@" + "한국어".repeat(20) + ".kr");
        assertAccepted("n".repeat(320) + " <a@x.com>");
        assertRefused("n".repeat(321) + " <a@x.com>");
        assertRefused(" ".repeat(100_000) + "a@x.com");
    }

    @Test
    void encodesAnInternationalizedDomainAsALabelsInTheEnvelope() {
        EmailAddress kim = EmailAddress.parse("Kim <kim@예시.한국>");
        assertThat(kim.envelope()).isEqualTo("kim@xn--vv4b11d.xn--3e0b707e");
        assertThat(kim.isInternationalized()).isFalse();
        assertThat(EmailAddress.parse("a@예시。한국").envelope()).isEqualTo("a@xn--vv4b11d.xn--3e0b707e");

        EmailAddress min = EmailAddress.parse("민수@예시.한국");
        assertThat(min.envelope()).isEqualTo("민수@xn--vv4b11d.xn--3e0b707e");
        assertThat(min.isInternationalized()).isTrue();

        assertThat(EmailAddress.parse("김민수 <Min@Example.com>").envelope()).isEqualTo("Min@Example.com");
        assertThat(EmailAddress.parse("a@[IPv6:::1]").envelope()).isEqualTo("a@[IPv6:::1]");
    }

    @Test
    void recognizesTwoSpellingsOfOneMailbox() {
        assertThat(EmailAddress.parse("Kim <kim@예시.한국>").identity())
                .isEqualTo(
                        EmailAddress.parse("\"kim\"@XN--VV4B11D.xn--3E0B707E").identity());
        assertThat(EmailAddress.parse("kim@x.com").identity())
                .isNotEqualTo(EmailAddress.parse("Kim@x.com").identity());
    }

    @Test
    void messagesNameTheErrorAndNeverRepeatTheValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmailAddress.parse("secret"))
                .withMessage("The address lacks an @: write name@example.com or Name <name@example.com>.");
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String written = Nasty.address(random).replace("\"", "") + "zqzq";
            try {
                EmailAddress.parse(written);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).doesNotContain("zqzq").endsWith(".");
                assertThat(refused.getCause()).isNull();
            }
        }
    }

    /** Every accepted address means the same one mailbox to another parser. */
    @Test
    void agreesWithAnotherParserOnAllAcceptedAddresses() throws Exception {
        Random random = new Random(42);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            String written = Nasty.address(random);
            EmailAddress ours;
            try {
                ours = EmailAddress.parse(written);
            } catch (IllegalArgumentException refused) {
                continue;
            }
            accepted++;
            String field = new HeaderWriter().mailboxes("To", List.of(ours)).toString();
            InternetAddress[] theirs = InternetAddress.parse(field.substring("To:".length()), true);
            assertThat(theirs).as(field).hasSize(1);
            assertThat(theirs[0].getAddress()).as(field).isEqualTo(ours.envelope());
            assertThat(theirs[0].getPersonal()).as(field).isEqualTo(ours.displayName());
            assertThat(EmailAddress.parse(ours.envelope()).envelope()).isEqualTo(ours.envelope());
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    @Test
    void addressesAcceptedByAnEarlierReleaseAreStillSent() {
        assertThat(EmailAddress.accepted("\u2067Kim <kim\u200B@\uFF45xample.com>")
                        .envelope())
                .isEqualTo("kim\u200B@example.com");
        assertThat(EmailAddress.accepted("kim@💩.la").envelope()).isEqualTo("kim@xn--ls8h.la");
    }

    @Test
    void aDomainMeansTheSameToBothIdnaStandards() {
        assertThat(EmailAddress.parse("a@B\u00DCCHER.example").envelope()).isEqualTo("a@xn--bcher-kva.example");
        assertThat(EmailAddress.parse("a@bu\u0308cher.example").envelope()).isEqualTo("a@xn--bcher-kva.example");
        assertThat(EmailAddress.parse("a@น้ำใส.ไทย").envelope())
                .isEqualTo(EmailAddress.parse("a@น\u0E49\u0E4D\u0E32ใส.ไทย").envelope());
        for (String several : List.of("stra\u00DFe.de", "\u0130stanbul.tr", "\u1F80.gr", "ab--\u00FC.de")) {
            assertRefused("a@" + several);
        }
    }

    private static String unescaped(String text) {
        return Pattern.compile("\\\\u(....)")
                .matcher(text)
                .replaceAll(it -> Character.toString(Integer.parseInt(it.group(1), 16)));
    }

    private static void assertAccepted(String written) {
        assertThat(EmailAddress.parse(written).envelope()).isNotEmpty();
    }

    private static void assertRefused(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.parse(written));
    }
}
