package ums.sandbox;

import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimePartDataSource;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a received mail readable: MIME (RFC 2045 to 2047) undone, as far as it can be. What arrived is shown whatever
 * it is, so nothing here throws.
 */
final class MailParser {

    /** Far more than any mail program nests, and far less than would overflow the stack. */
    private static final int MAX_DEPTH = 30;

    /** In octets, and in lines that may part it. What has more is shown as it is: the library takes too long for it. */
    private static final int LONGEST_HEADER = 256 * 1024;

    private static final int MOST_PARTS = 10_000;

    /** Of a field that says what a part is, which the library reads in time that grows faster than its length. */
    private static final int LONGEST_FIELD = 4_000;

    private static final Pattern FOLD = Pattern.compile("\\r?\\n(?=[ \\t])");

    /** The names under which windows-949 goes (WHATWG Encoding section 4.2), whose letters EUC-KR has a part of. */
    private static final String WINDOWS_949 = "x-windows-949";

    private static final Set<String> KOREAN = Set.of(
            "cp949",
            "cseuckr",
            "csksc56011987",
            "euc-kr",
            "iso-ir-149",
            "korean",
            "ks_c_5601-1987",
            "ks_c_5601-1989",
            "ksc5601",
            "ksc_5601",
            "windows-949");

    private static final Pattern KOREAN_WORD =
            Pattern.compile("=\\?(?:" + String.join("|", KOREAN) + ")(?=[*?])", Pattern.CASE_INSENSITIVE);

    /** How much of a mail that is no MIME is shown, in octets. */
    private static final int SHOWN_AS_IS = 64 * 1024;

    private static final Session LENIENT = lenient();

    private final byte[] raw;
    private @Nullable String subject;
    private @Nullable String text;
    private @Nullable String html;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private MailParser(byte[] raw) {
        this.raw = raw;
    }

    static InboxMail parse(long n, Inbox.Envelope envelope, byte[] raw) {
        MailParser mail = new MailParser(raw);
        try {
            mail.read();
        } catch (MessagingException | IOException | RuntimeException | StackOverflowError e) {
            // Hostile or broken, and the parser has its faults too (it calls itself for each soft line break in a row):
            // better as it is than not at all.
            mail.text = new String(raw, 0, Math.min(raw.length, SHOWN_AS_IS), StandardCharsets.ISO_8859_1);
        }
        return new InboxMail(
                n,
                envelope.from(),
                envelope.to(),
                mail.subject,
                mail.text,
                mail.html,
                Collections.unmodifiableMap(mail.headers),
                envelope.size(),
                envelope.at());
    }

    private void read() throws MessagingException, IOException {
        if (isTooMuch()) {
            throw new MessagingException("a header or more parts than anybody writes");
        }
        MimeMessage message = new MimeMessage(LENIENT, new ByteArrayInputStream(raw));
        String written = message.getHeader("Subject", null);
        subject = written == null ? null : decoded(written);
        Map<String, StringJoiner> fields = new LinkedHashMap<>();
        for (Header field : Collections.list(message.getAllHeaders())) {
            fields.computeIfAbsent(field.getName(), _ -> new StringJoiner("\n")).add(decoded(field.getValue()));
        }
        fields.forEach((name, values) -> headers.put(name, values.toString()));
        readPart(message, 0);
    }

    private boolean isTooMuch() {
        int header = -1;
        int parts = 0;
        for (int i = 0; i + 2 < raw.length && (header < 0 || parts <= MOST_PARTS); i++) {
            if (raw[i] != '\n') {
                continue;
            }
            if (header < 0 && (raw[i + 1] == '\n' || raw[i + 1] == '\r' && raw[i + 2] == '\n')) {
                header = i;
            } else if (raw[i + 1] == '-' && raw[i + 2] == '-') {
                parts++;
            }
        }
        return parts > MOST_PARTS || (header < 0 ? raw.length : header) > LONGEST_HEADER;
    }

    private void readPart(MimePart part, int depth) throws MessagingException, IOException {
        for (String name : List.of("Content-Type", "Content-Disposition", "Content-Transfer-Encoding")) {
            String field = part.getHeader(name, null);
            if (field != null && field.length() > LONGEST_FIELD) {
                throw new MessagingException("a longer " + name + " than anybody writes");
            }
        }
        if (part.isMimeType("multipart/*") && depth < MAX_DEPTH) {
            // Not by getContent(), whose handlers are looked up through the thread's class loader.
            MimeMultipart parts = new MimeMultipart(new MimePartDataSource(part));
            for (int i = 0; i < parts.getCount(); i++) {
                readPart((MimePart) parts.getBodyPart(i), depth + 1);
            }
        } else if (Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition())) {
            return;
        } else if (text == null && part.isMimeType("text/plain")) {
            text = shown(decoded(part));
        } else if (html == null && part.isMimeType("text/html")) {
            html = shown(decoded(part));
        }
    }

    /** Line breaks as JSON's readers expect them, and without the last, which belongs to the mail and not to its text. */
    private static String shown(String body) {
        String lines = body.replace("\r\n", "\n");
        return lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    private static String decoded(MimePart part) throws MessagingException, IOException {
        return new String(new MimePartDataSource(part).getInputStream().readAllBytes(), charset(part));
    }

    /** UTF-8 where none is named or known: it holds US-ASCII, the default of RFC 2046, and is likelier than any other. */
    private static Charset charset(MimePart part) throws MessagingException {
        try {
            String name = new ContentType(part.getContentType()).getParameter("charset");
            if (name == null) {
                return StandardCharsets.UTF_8;
            }
            return Charset.forName(
                    KOREAN.contains(name.toLowerCase(Locale.ROOT)) ? WINDOWS_949 : MimeUtility.javaCharset(name));
        } catch (ParseException | IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String decoded(String value) {
        String line = KOREAN_WORD.matcher(FOLD.matcher(value).replaceAll("")).replaceAll("=?" + WINDOWS_949);
        try {
            return MimeUtility.decodeText(line);
        } catch (UnsupportedEncodingException e) {
            return line;
        }
    }

    /** Header fields may hold UTF-8 as it is (RFC 6532). */
    private static Session lenient() {
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "true");
        properties.setProperty("mail.mime.address.strict", "false");
        return Session.getInstance(properties);
    }
}
