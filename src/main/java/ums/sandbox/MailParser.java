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
 * Decodes a received mail (MIME, RFC 2045 to 2047) as far as possible. A mail that cannot be decoded is shown as it is,
 * so nothing here throws.
 */
final class MailParser {

    /**
     * The deepest nesting that is decoded: far more than any mail program writes, and far less than would overflow the
     * stack.
     */
    private static final int MAX_DEPTH = 30;

    /**
     * Limits of the header in octets and of the lines that may separate parts. A mail beyond one of them is shown
     * undecoded, as the library takes too long for it.
     */
    private static final int MAX_HEADER = 256 * 1024;

    private static final int MAX_PARTS = 10_000;

    /** The longest field that describes a part; the library's time grows faster than its length. */
    private static final int MAX_FIELD = 4_000;

    private static final Pattern FOLD = Pattern.compile("\\r?\\n(?=[ \\t])");

    /** The labels of windows-949 (WHATWG Encoding section 4.2), which is a superset of EUC-KR. */
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

    /** How much of a mail that is not valid MIME is shown, in octets. */
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
            // The mail is hostile or broken, or hits a bug of the parser (which recurses for each consecutive soft line
            // break): it is shown undecoded.
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
            throw new MessagingException("the header is too long or the parts are too many");
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
        for (int i = 0; i + 2 < raw.length && (header < 0 || parts <= MAX_PARTS); i++) {
            if (raw[i] != '\n') {
                continue;
            }
            if (header < 0 && (raw[i + 1] == '\n' || raw[i + 1] == '\r' && raw[i + 2] == '\n')) {
                header = i;
            } else if (raw[i + 1] == '-' && raw[i + 2] == '-') {
                parts++;
            }
        }
        return parts > MAX_PARTS || (header < 0 ? raw.length : header) > MAX_HEADER;
    }

    private void readPart(MimePart part, int depth) throws MessagingException, IOException {
        for (String name : List.of("Content-Type", "Content-Disposition", "Content-Transfer-Encoding")) {
            String field = part.getHeader(name, null);
            if (field != null && field.length() > MAX_FIELD) {
                throw new MessagingException("the field " + name + " is too long");
            }
        }
        if (part.isMimeType("multipart/*") && depth < MAX_DEPTH) {
            // getContent() is not used, as its handlers are looked up through the thread's class loader.
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

    /** Line breaks as JSON clients expect them, without the last one, which belongs to the mail and not to its text. */
    private static String shown(String body) {
        String lines = body.replace("\r\n", "\n");
        return lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    private static String decoded(MimePart part) throws MessagingException, IOException {
        return new String(new MimePartDataSource(part).getInputStream().readAllBytes(), charset(part));
    }

    /**
     * UTF-8 where the charset is missing or unknown: US-ASCII, the default of RFC 2046, is a subset, and no other is
     * more likely.
     */
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

    /** Header fields may hold raw UTF-8 (RFC 6532). */
    private static Session lenient() {
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "true");
        properties.setProperty("mail.mime.address.strict", "false");
        return Session.getInstance(properties);
    }
}
