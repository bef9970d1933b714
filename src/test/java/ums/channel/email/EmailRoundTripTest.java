package ums.channel.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static ums.channel.email.Mails.assertWellFormed;
import static ums.channel.email.Mails.canonicalBodies;
import static ums.channel.email.Mails.decoded;
import static ums.channel.email.Mails.decodedBodies;
import static ums.channel.email.Mails.field;
import static ums.channel.email.Mails.parsed;
import static ums.channel.email.Mails.render;
import static ums.channel.email.Mails.wellFormed;

import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another mail library reads every mail as the caller wrote it. */
class EmailRoundTripTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello",
                "a  b   c",
                " leading",
                "trailing ",
                "=?utf-8?Q?=0D=0ABcc:_x@evil.example?=",
                "=?UTF-8?B?aGk=?= =?UTF-8?B?aGk=?=",
                "100 =? 200 ?= 300",
                "주문이 접수되었습니다",
                "שלום \u202Eevil\u202C",
                "\u00A0\u3000x\u00A0",
            })
    void aSubjectIsReadAsItWasWritten(String subject) throws Exception {
        for (int i = 1; i < 12; i++) {
            String longer = subject.repeat(i);
            assertThat(parsed(wellFormed(new Draft().subject(longer))).getSubject())
                    .isEqualTo(longer);
        }
    }

    @Test
    void noEncodedWordSplitsACharacter() {
        for (int shift = 0; shift < 8; shift++) {
            String subject = "x".repeat(shift) + "한🎉".repeat(100);
            String field = field(render(new Draft().subject(subject)), "Subject");
            StringBuilder read = new StringBuilder();
            for (String word : field.split("\r\n ")) {
                assertThat(word).startsWith("=?UTF-8?B?").endsWith("?=").hasSizeLessThanOrEqualTo(75);
                String decoded = new String(Base64.getDecoder().decode(word.substring(10, word.length() - 2)), UTF_8);
                assertThat(decoded).doesNotContain("\uFFFD");
                read.append(decoded);
            }
            assertThat(read.toString()).isEqualTo(subject);
        }
    }

    /**
     * A family, a flag, a thumb with a skin tone, a letter with marks, a decomposed syllable: each stays in one encoded
     * word.
     */
    @Test
    void noEncodedWordSplitsAGrapheme() throws Exception {
        for (String one : List.of("👨\u200D👩\u200D👧", "🇰🇷", "👍🏽", "e\u0301\u0323", "\u1112\u1161\u11AB")) {
            for (int shift = 0; shift < 24; shift++) {
                String subject = "x".repeat(shift) + one.repeat(50);
                Email email = wellFormed(new Draft().subject(subject));
                assertThat(parsed(email).getSubject()).isEqualTo(subject);
                for (String word : field(email, "Subject").split("\r\n ")) {
                    String decoded =
                            new String(Base64.getDecoder().decode(word.substring(10, word.length() - 2)), UTF_8);
                    assertThat(decoded.replaceFirst("^x+", "").replace(one, "")).isEmpty();
                }
            }
        }
    }

    @Test
    void aLongAsciiSubjectIsFoldedAndOneWithoutSpacesEncoded() throws Exception {
        String words = "several words ".repeat(60).strip();
        assertThat(field(render(new Draft().subject(words)), "Subject"))
                .contains("\r\n ")
                .doesNotContain("=?");
        assertThat(parsed(wellFormed(new Draft().subject(words))).getSubject()).isEqualTo(words);

        String word = "x".repeat(998);
        assertThat(parsed(wellFormed(new Draft().subject(word))).getSubject()).isEqualTo(word);
        // 69 letters fill the line of the name; behind a fold some readers would keep the space.
        assertThat(field(wellFormed(new Draft().subject("x".repeat(69))), "Subject"))
                .doesNotContain("=?");
        assertThat(field(wellFormed(new Draft().subject("x".repeat(70))), "Subject"))
                .contains("=?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Kim",
                "Kim Min",
                "Kim  Min",
                "Kim, Min",
                "Acme Inc.",
                "back\\slash \"quoted\"",
                "김민수",
                "=?utf-8?Q?=0D=0ABcc?=",
                "=?utf-8?Q?half",
                "half?=",
                "a@b.com <c@d.com>",
                "🎉",
            })
    void aDisplayNameIsReadAsItWasWritten(String name) throws Exception {
        for (int i = 1; i * name.length() <= 320; i *= 2) {
            String longer = name.repeat(i);
            String written = '"' + longer.replace("\\", "\\\\").replace("\"", "\\\"") + "\" <kim@example.com>";
            MimeMessage message = parsed(wellFormed(new Draft()
                    .from(written)
                    .replyTo(written)
                    .to(List.of(written, "min@example.com", written))
                    .cc(List.of(written))));
            for (Address address : message.getAllRecipients()) {
                if (!address.toString().equals("min@example.com")) {
                    assertThat(((InternetAddress) address).getPersonal()).isEqualTo(longer);
                    assertThat(((InternetAddress) address).getAddress()).isEqualTo("kim@example.com");
                }
            }
            assertThat(message.getRecipients(RecipientType.TO)).hasSize(3);
            assertThat(((InternetAddress) message.getFrom()[0]).getPersonal()).isEqualTo(longer);
            assertThat(((InternetAddress) message.getReplyTo()[0]).getPersonal())
                    .isEqualTo(longer);
        }
    }

    @Test
    void aNameThatFitsIntoOneEncodedWordIsNeverFolded() {
        List<String> to = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            to.add("한".repeat(i + 1) + " <kim" + i + "@example.com>");
        }
        assertThat(field(wellFormed(new Draft().to(to)), "To").split("=\\?UTF-8", -1))
                .hasSize(1 + to.size());
    }

    @Test
    void halvesOfAnEncodedWordInTwoNamesAreNotJoined() {
        String field = field(
                wellFormed(new Draft().to(List.of("\"=?utf-8?Q?half\" <a@example.com>", "\"half?=\" <b@example.com>"))),
                "To");
        assertThat(field).doesNotContainIgnoringCase("=?utf-8?q?");
    }

    @Test
    void aHundredRecipientsAreFoldedAndAllNamed() throws Exception {
        List<String> to = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            to.add((i % 3 == 0 ? "김민수 <" : "Kim <") + "r".repeat(i % 50 + 1) + i + "@example.com>");
        }
        assertThat(parsed(wellFormed(new Draft().to(to))).getRecipients(RecipientType.TO))
                .hasSize(100);
    }

    @Test
    void randomMailsAreReadAsTheyWereWritten() throws Exception {
        Random random = new Random(20_261_122);
        for (int i = 0; i < 1_500; i++) {
            String name = Normalizer.normalize(Nasty.line(random), Normalizer.Form.NFC)
                    .replaceAll("[\u202C\u202E]", "");
            String subject = Nasty.line(random);
            Draft draft = new Draft()
                    .to(List.of('"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\" <kim@예시.한국>"))
                    .subject(subject);
            String text = random.nextInt(4) == 0 ? null : Nasty.body(random);
            String html = text != null && random.nextBoolean() ? null : Nasty.body(random);
            Map<String, String> headers = new LinkedHashMap<>();
            for (int j = random.nextInt(3); j > 0; j--) {
                headers.put("X-" + "N".repeat(random.nextInt(70)) + j, Nasty.line(random));
            }
            EmailContent content = draft.text(text).html(html).headers(headers).content();
            if (name.strip().length() > 320
                    || subject.isBlank()
                    || subject.length() > 998
                    || !(EmailContentRules.isGiven(text) || EmailContentRules.isGiven(html))) {
                continue;
            }
            Email email = render(content);
            assertWellFormed(email);
            MimeMessage message = parsed(email);
            assertThat(message.getSubject()).isEqualTo(subject);
            InternetAddress to = (InternetAddress) message.getRecipients(RecipientType.TO)[0];
            assertThat(to.getPersonal()).isEqualTo(name.isBlank() ? null : name.strip());
            assertThat(to.getAddress()).isEqualTo("kim@xn--vv4b11d.xn--3e0b707e");
            for (Map.Entry<String, String> header : headers.entrySet()) {
                assertThat(MimeUtility.decodeText(MimeUtility.unfold(message.getHeader(header.getKey())[0])))
                        .isEqualTo(header.getValue());
            }
            assertThat(decodedBodies(message)).isEqualTo(canonicalBodies(text, html));
        }
    }
}
