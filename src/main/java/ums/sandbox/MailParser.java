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
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Makes a received mail readable: MIME (RFC 2045 to 2047) undone, as far as it can be. What arrived is shown whatever
 * it is, so nothing here throws.
 */
final class MailParser {

    /** Far more than any mail program nests, and far less than would overflow the stack. */
    private static final int MAX_DEPTH = 30;

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
        } catch (MessagingException | IOException | RuntimeException e) {
            // Hostile or broken, and the parser has its faults too: better as it is than not at all.
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
        MimeMessage message = new MimeMessage(LENIENT, new ByteArrayInputStream(raw));
        subject = message.getSubject();
        for (Header field : Collections.list(message.getAllHeaders())) {
            headers.merge(field.getName(), decoded(field.getValue()), (one, other) -> one + "\n" + other);
        }
        readPart(message, 0);
    }

    private void readPart(MimePart part, int depth) throws MessagingException, IOException {
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
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(MimeUtility.javaCharset(name));
        } catch (ParseException | IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String decoded(String value) {
        String line = MimeUtility.unfold(value);
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
