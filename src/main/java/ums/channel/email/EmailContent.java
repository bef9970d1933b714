package ums.channel.email;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Field;
import ums.channel.FieldType;
import ums.channel.Form;

/**
 * The content of an e-mail as the caller wrote it; nothing is rendered yet.
 *
 * @param from the sender, or null for the default one
 * @param to the recipients, at least one once {@linkplain EmailChannel#prepare prepared}
 * @param cc further recipients, visible to all
 * @param bcc further recipients, visible to nobody
 * @param replyTo the address for replies, or null
 * @param subject the subject, or null while it is not validated
 * @param text the body as plain text, or null
 * @param html the body as HTML, or null
 * @param headers additional header fields, in the caller's order
 */
public record EmailContent(
        @Nullable String from,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        @Nullable String replyTo,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        Map<String, String> headers)
        implements Content {

    private static final Map<String, Object> MAILBOX = Map.of(
            "type",
            "string",
            "description",
            "RFC 5322 mailbox, such as Kim <kim@example.com>; no line breaks, control or invisible characters");

    /** The fields of the channel's messages. */
    static final Form<EmailContent> FORM = new Form<>(
            values -> new EmailContent(
                    values.text("from"),
                    values.texts("to"),
                    values.texts("cc"),
                    values.texts("bcc"),
                    values.text("replyTo"),
                    values.text("subject"),
                    values.text("text"),
                    values.text("html"),
                    values.map("headers")),
            text("from", EmailContent::from).inSummary().describedAs("default: ums.email.from"),
            texts("to", EmailContent::to)
                    .inSummary()
                    .asRequired()
                    .with("items", MAILBOX)
                    .with("minItems", 1)
                    .with("maxItems", EmailContentRules.MAX_RECIPIENTS)
                    .describedAs("1 to " + EmailContentRules.MAX_RECIPIENTS + " recipients in to, cc and bcc together"),
            texts("cc", EmailContent::cc).inSummary().with("items", MAILBOX),
            texts("bcc", EmailContent::bcc).inSummary().with("items", MAILBOX),
            text("replyTo", EmailContent::replyTo).inSummary().describedAs(String.valueOf(MAILBOX.get("description"))),
            text("subject", EmailContent::subject).inSummary().asRequired().describedAs("one line"),
            text("text", EmailContent::text).describedAs("plain text; text, html or both"),
            text("html", EmailContent::html).describedAs("HTML; text, html or both"),
            Field.of("headers", FieldType.MAP, EmailContent::headers)
                    .describedAs(
                            "additional header fields. Fields that UMS sets itself and fields that control a provider"
                                    + " (X-SES- and similar) are refused. Structured fields (List-Unsubscribe,"
                                    + " References) must be ASCII; List-Unsubscribe-Post needs a List-Unsubscribe with an https"
                                    + " URL"));

    /** An e-mail of plain text to one recipient, from the default sender. */
    public static EmailContent plain(String to, String subject, String text) {
        return new EmailContent(null, List.of(to), List.of(), List.of(), null, subject, text, null, Map.of());
    }

    @Override
    public Stored stored() {
        return FORM.stored(this);
    }

    @Override
    public Map<String, Object> view(boolean whole) {
        return FORM.view(this, whole);
    }

    @Override
    public Preview preview() {
        List<Line> lines = new ArrayList<>();
        line("From", from, lines);
        lines("To", to, lines);
        lines("Cc", cc, lines);
        lines("Bcc", bcc, lines);
        line("Reply-To", replyTo, lines);
        headers.forEach((name, value) -> line(name, value, lines));
        return new Preview(subject, text, html, lines);
    }

    private static void line(String name, @Nullable String value, List<Line> lines) {
        lines(name, value == null ? List.of() : List.of(value), lines);
    }

    private static void lines(String name, List<String> values, List<Line> lines) {
        if (!values.isEmpty()) {
            lines.add(new Line(name, values));
        }
    }

    private static Field<EmailContent, String> text(String name, Function<EmailContent, @Nullable String> value) {
        return Field.of(name, FieldType.TEXT, value);
    }

    private static Field<EmailContent, List<String>> texts(String name, Function<EmailContent, List<String>> value) {
        return Field.of(name, FieldType.TEXTS, value);
    }
}
