package ums.channel.email;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import ums.channel.Delivery;
import ums.channel.Recipient;

/**
 * Renders a message as an e-mail (RFC 5322, RFC 2045 to 2047). Every attempt at a message renders the same bytes: no
 * clock, counter or random number is used, so that a recipient can recognize a duplicate.
 *
 * <p>Not by a library: there are only three shapes of mail, and rendering costs processor time for every message.
 */
final class EmailRenderer {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final String CRLF = "\r\n";

    /** RFC 3834 section 5: automatic responders must not answer. */
    private static final String AUTO_SUBMITTED = "Auto-Submitted";

    private EmailRenderer() {}

    /** Alternative bodies, of which the reader's program chooses one. */
    private record Part(String subtype, TextBody body) {}

    /**
     * Renders one attempt. The header always names all recipients in to and cc, also those that already have the
     * message, and none in bcc.
     *
     * @throws IllegalArgumentException where {@link EmailContentRules} cannot have accepted the content
     */
    static Email render(Delivery<EmailContent> delivery) {
        EmailContent content = delivery.content();
        EmailAddress from = EmailAddress.accepted(required(content.from(), "sender"));
        HeaderWriter header = header(delivery, from);

        // "=_" occurs neither in quoted-printable nor in base64 (RFC 2045 section 6.7); TextBody handles the other
        // encodings.
        String boundary = "=_" + delivery.messageId();
        List<Part> parts = parts(content, boundary);
        ByteArrayOutputStream mail = new ByteArrayOutputStream(2_048);
        boolean single = parts.size() == 1;
        if (single) {
            describe(parts.getFirst(), header);
        } else {
            header.field("Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\"");
        }
        String fields = header.toString();
        write(mail, fields);
        if (single) {
            write(mail, CRLF);
            mail.writeBytes(parts.getFirst().body().bytes());
        } else {
            for (Part part : parts) {
                write(mail, CRLF + "--" + boundary + CRLF);
                write(mail, describe(part, new HeaderWriter()).toString());
                write(mail, CRLF);
                mail.writeBytes(part.body().bytes());
            }
            write(mail, CRLF + "--" + boundary + "--" + CRLF);
        }

        boolean utf8Header = !HeaderText.isAscii(fields);
        boolean utf8Recipient = false;
        for (Recipient recipient : delivery.recipients()) {
            utf8Recipient |= !HeaderText.isAscii(recipient.address());
        }
        return new Email(
                from.envelope(),
                delivery.recipients(),
                mail.toByteArray(),
                delivery.commit(),
                utf8Header,
                utf8Header || utf8Recipient);
    }

    private static HeaderWriter header(Delivery<EmailContent> delivery, EmailAddress from) {
        EmailContent content = delivery.content();
        HeaderWriter header =
                new HeaderWriter().field("Date", DATE.format(delivery.date())).mailboxes("From", List.of(from));
        if (content.replyTo() != null) {
            header.mailboxes("Reply-To", List.of(EmailAddress.accepted(content.replyTo())));
        }
        header.mailboxes("To", addresses(content.to()));
        if (!content.cc().isEmpty()) {
            header.mailboxes("Cc", addresses(content.cc()));
        }
        header.text("Subject", required(content.subject(), "subject"), HeaderWriter.PREFERRED_LINE)
                .field("Message-ID", "<" + delivery.messageId() + "@" + from.asciiDomain() + ">");
        if (content.headers().keySet().stream().noneMatch(AUTO_SUBMITTED::equalsIgnoreCase)) {
            header.field(AUTO_SUBMITTED, "auto-generated");
        }
        content.headers().forEach((name, value) -> own(name, value, header));
        return header.field("MIME-Version", "1.0");
    }

    /**
     * A field of the caller's own. An earlier release accepted values that cannot be written as they are; those are
     * written as text.
     */
    private static void own(String name, String value, HeaderWriter header) {
        if (HeaderRules.isStructured(name) && HeaderWriter.isStructured(name, value)) {
            header.structured(name, value);
        } else {
            header.text(name, value, HeaderWriter.MAX_LINE);
        }
    }

    /** The plainest alternative comes first (RFC 2046 section 5.1.4). */
    private static List<Part> parts(EmailContent content, String boundary) {
        List<Part> parts = new ArrayList<>(2);
        String text = content.text();
        String html = content.html();
        if (text != null && EmailContentRules.isGiven(text)) {
            parts.add(new Part("plain", TextBody.of(text, boundary)));
        }
        if (html != null && EmailContentRules.isGiven(html)) {
            parts.add(new Part("html", TextBody.of(html, boundary)));
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A message without a body");
        }
        return parts;
    }

    private static HeaderWriter describe(Part part, HeaderWriter header) {
        return header.field("Content-Type", "text/" + part.subtype() + "; charset=UTF-8")
                .field("Content-Transfer-Encoding", part.body().transferEncoding());
    }

    private static List<EmailAddress> addresses(List<String> written) {
        List<EmailAddress> addresses = new ArrayList<>(written.size());
        for (String each : written) {
            addresses.add(EmailAddress.accepted(each));
        }
        return addresses;
    }

    private static String required(@Nullable String value, String what) {
        if (value == null) {
            throw new IllegalArgumentException("A message without a " + what);
        }
        return value;
    }

    private static void write(ByteArrayOutputStream mail, String text) {
        mail.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
