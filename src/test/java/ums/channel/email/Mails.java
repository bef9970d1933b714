package ums.channel.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import ums.channel.Channel.Prepared;
import ums.channel.Delivery;

/** Mails from {@link EmailRenderer}, and assertions on them. */
final class Mails {

    static final UUID ID = UUID.fromString("019ab3c4-5d6e-7f80-9123-456789abcdef");
    static final Instant CREATED = Instant.parse("2026-11-02T23:59:58.999Z");
    static final EmailContentRules RULES = new EmailContentRules(null);

    private Mails() {}

    static Email render(Draft draft) {
        return render(draft.content());
    }

    static Email render(EmailContent content) {
        Prepared<EmailContent> prepared = RULES.prepare(content);
        return EmailRenderer.render(
                new Delivery<>(ID, CREATED, prepared.content(), prepared.recipients(), 0, () -> true));
    }

    static Email wellFormed(Draft draft) {
        Email email = render(draft);
        assertWellFormed(email);
        return email;
    }

    /** Asserts what holds for every mail. */
    static void assertWellFormed(Email email) {
        String mail = new String(email.bytes(), UTF_8);
        assertThat(mail).endsWith("\r\n").doesNotContain("\0");
        assertThat(mail.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        String[] lines = mail.split("\r\n", -1);
        assertThat(Arrays.stream(lines).mapToInt(String::length)).allMatch(length -> length <= 998);
        assertThat(HeaderText.isAscii(mail)).isEqualTo(!email.eightBit());

        List<String> names = new ArrayList<>();
        for (String line : head(email).split("\r\n")) {
            assertThat(line).isNotBlank();
            if (line.contains("=?UTF-8?B?")) {
                assertThat(line).hasSizeLessThanOrEqualTo(76);
            } else if (line.length() > 78) {
                // These cannot be folded: readers may collapse several spaces, and a quoted string or a URL stays
                // whole.
                assertThat(line.stripLeading().replaceAll("^[^ :]+: |  +|\\\\ |<[^>]*>?|\"(\\\\.|[^\"\\\\])*\"?", ""))
                        .doesNotContain(" ");
            }
            if (!line.startsWith(" ")) {
                names.add(line.substring(0, line.indexOf(':')).toLowerCase());
            }
        }
        assertThat(names).doesNotHaveDuplicates().doesNotContain("bcc").contains("date", "from", "to", "message-id");
    }

    static String head(Email email) {
        String mail = new String(email.bytes(), UTF_8);
        return mail.substring(0, mail.indexOf("\r\n\r\n") + 2);
    }

    static String body(Email email) {
        String mail = new String(email.bytes(), UTF_8);
        return mail.substring(mail.indexOf("\r\n\r\n") + (mail.contains("multipart/") ? 2 : 4));
    }

    /** A field as it is on the wire, folds included. */
    static String field(Email email, String name) {
        String head = head(email);
        int start = head.indexOf("\r\n" + name + ":") + name.length() + 3;
        String rest = head.substring(start).replaceFirst("(?s)\r\n(?! ).*", "");
        return rest.startsWith(" ") ? rest.substring(1) : rest;
    }

    static String encoding(String text) {
        return field(wellFormed(new Draft().text(text)), "Content-Transfer-Encoding");
    }

    static String encodedWord(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "?=";
    }

    static MimeMessage parsed(Email email) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(email.bytes()));
    }

    static String decoded(jakarta.mail.Part part) throws Exception {
        return new String(part.getInputStream().readAllBytes(), UTF_8);
    }

    static List<String> decodedBodies(MimeMessage message) throws Exception {
        List<String> bodies = new ArrayList<>();
        if (!message.isMimeType("multipart/alternative")) {
            bodies.add(message.getContentType() + "\n" + decoded(message));
            return bodies;
        }
        MimeMultipart parts = (MimeMultipart) message.getContent();
        for (int i = 0; i < parts.getCount(); i++) {
            BodyPart part = parts.getBodyPart(i);
            bodies.add(part.getContentType() + "\n" + decoded(part));
        }
        return bodies;
    }

    static List<String> canonicalBodies(String text, String html) {
        List<String> bodies = new ArrayList<>();
        if (EmailContentRules.isGiven(text)) {
            bodies.add("text/plain; charset=UTF-8\n" + canonical(text));
        }
        if (EmailContentRules.isGiven(html)) {
            bodies.add("text/html; charset=UTF-8\n" + canonical(html));
        }
        return bodies;
    }

    static String canonical(String body) {
        String canonical = body.replaceAll("\r\n|\r|\n", "\r\n");
        return canonical.endsWith("\r\n") ? canonical : canonical + "\r\n";
    }
}
