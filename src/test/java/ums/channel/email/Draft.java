package ums.channel.email;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import ums.channel.InvalidContentException;
import ums.channel.Violation;

/** Valid content, which a test can change. */
final class Draft {

    private String from = "shop@example.com";
    private List<String> to = List.of("kim@example.com");
    private List<String> cc = List.of();
    private List<String> bcc = List.of();
    private String replyTo;
    private String subject = "Hello";
    private String text = "Hello, Kim.";
    private String html;
    private Map<String, String> headers = Map.of();

    Draft from(String value) {
        from = value;
        return this;
    }

    Draft to(List<String> value) {
        to = value;
        return this;
    }

    Draft cc(List<String> value) {
        cc = value;
        return this;
    }

    Draft bcc(List<String> value) {
        bcc = value;
        return this;
    }

    Draft replyTo(String value) {
        replyTo = value;
        return this;
    }

    Draft subject(String value) {
        subject = value;
        return this;
    }

    Draft text(String value) {
        text = value;
        return this;
    }

    Draft html(String value) {
        html = value;
        return this;
    }

    Draft headers(Map<String, String> value) {
        headers = value;
        return this;
    }

    EmailContent content() {
        return new EmailContent(from, to, cc, bcc, replyTo, subject, text, html, headers);
    }

    /** The violations of a content, none where it is accepted. */
    static List<Violation> violations(EmailContentRules rules, EmailContent content) {
        InvalidContentException refused =
                catchThrowableOfType(InvalidContentException.class, () -> rules.prepare(content));
        return refused == null ? List.of() : refused.violations();
    }
}
