package ums.channel.email;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ums.channel.Channel.Prepared;
import ums.channel.InvalidContentException;
import ums.channel.Recipient;
import ums.channel.Violation;

/**
 * The rules for the content of an e-mail. All violations are reported at once, so that a caller can fix them at once.
 */
final class EmailContentRules {

    static final int MAX_RECIPIENTS = 100;
    private static final int MAX_SUBJECT = 998;
    private static final int MAX_BODY = 5_000_000;

    private final @Nullable String defaultFrom;

    /** @param defaultFrom the sender of a message without one: a valid mailbox, or null */
    EmailContentRules(@Nullable String defaultFrom) {
        this.defaultFrom = defaultFrom;
    }

    /**
     * Validates a message and sets the default sender where it has none.
     *
     * @throws InvalidContentException with every violation found
     */
    Prepared<EmailContent> prepare(EmailContent content) {
        List<Violation> violations = new ArrayList<>();
        String from = content.from() != null ? content.from() : defaultFrom;
        EmailAddress sender = null;
        if (from == null) {
            violations.add(new Violation(
                    "/from",
                    "Is required: name a sender, or have the operator set a default one with ums.email.from."));
        } else {
            sender = checkAddress("/from", from, violations);
        }
        List<Recipient> recipients = recipients(content, violations);
        if (content.replyTo() != null) {
            checkAddress("/replyTo", content.replyTo(), violations);
        }
        checkSubject(content.subject(), violations);
        checkBodies(content, violations);
        HeaderRules.check(content.headers(), violations);
        if (sender == null || !violations.isEmpty()) {
            throw new InvalidContentException(violations);
        }
        return new Prepared<>(
                new EmailContent(
                        from,
                        content.to(),
                        content.cc(),
                        content.bcc(),
                        content.replyTo(),
                        content.subject(),
                        content.text(),
                        content.html(),
                        content.headers()),
                sender.identity(),
                recipients);
    }

    /** True where there is visible text: a body of white space comes from a broken template. */
    static boolean isGiven(@Nullable String body) {
        return body != null && !body.isBlank();
    }

    private static List<Recipient> recipients(EmailContent content, List<Violation> violations) {
        if (content.to().isEmpty()) {
            violations.add(new Violation("/to", "Is required: name at least one recipient."));
        }
        List<Recipient> recipients = new ArrayList<>();
        Set<String> named = new HashSet<>();
        int left = MAX_RECIPIENTS;
        for (Recipient.Kind kind : Recipient.Kind.values()) {
            List<String> written = written(content, kind);
            String pointer = "/" + kind.name().toLowerCase(Locale.ROOT);
            for (int i = 0; i < written.size(); i++) {
                if (left-- == 0) {
                    violations.add(new Violation(
                            pointer,
                            "Too many recipients: a message has at most " + MAX_RECIPIENTS
                                    + " in to, cc and bcc together."));
                    return recipients;
                }
                EmailAddress address = checkAddress(pointer + "/" + i, written.get(i), violations);
                if (address != null && named.add(address.identity())) {
                    recipients.add(new Recipient(address.envelope(), kind));
                }
            }
        }
        return recipients;
    }

    private static List<String> written(EmailContent content, Recipient.Kind kind) {
        return switch (kind) {
            case TO -> content.to();
            case CC -> content.cc();
            case BCC -> content.bcc();
        };
    }

    private static @Nullable EmailAddress checkAddress(
            String pointer, @Nullable String written, List<Violation> violations) {
        try {
            // A JSON array of strings may hold null.
            return EmailAddress.parse(written == null ? "" : written);
        } catch (IllegalArgumentException invalid) {
            violations.add(new Violation(pointer, String.valueOf(invalid.getMessage())));
            return null;
        }
    }

    private static void checkSubject(@Nullable String subject, List<Violation> violations) {
        if (subject == null || subject.isBlank()) {
            violations.add(new Violation("/subject", "Is required, and must not be blank."));
            return;
        }
        HeaderRules.checkText("/subject", subject, MAX_SUBJECT, violations);
    }

    private static void checkBodies(EmailContent content, List<Violation> violations) {
        if (!isGiven(content.text()) && !isGiven(content.html())) {
            violations.add(new Violation("/text", "One of text and html is required, and must not be blank."));
        }
        checkBody("/text", content.text(), violations);
        checkBody("/html", content.html(), violations);
    }

    private static void checkBody(String pointer, @Nullable String body, List<Violation> violations) {
        if (body == null) {
            return;
        }
        if (body.length() > MAX_BODY) {
            violations.add(new Violation(pointer, "Is longer than " + MAX_BODY + " characters."));
            return;
        }
        String fault = HeaderText.bodyFault(body);
        if (fault != null) {
            violations.add(new Violation(pointer, "Holds " + fault + "."));
        }
    }
}
