package ums.channel.email;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ums.channel.Violation;

/**
 * The header fields that a caller may add, and the values that they may have. Unstructured fields may hold any text;
 * structured fields, which programs parse, only values that can be written as they are (RFC 2047 section 5: they hold
 * no encoded words).
 */
final class HeaderRules {

    private static final int MAX_HEADERS = 50;
    private static final int MAX_NAME = 76;
    private static final int MAX_VALUE = 2_000;
    private static final int MAX_NAME_IN_POINTER = 200;

    /** Fields that UMS or the servers on the way set themselves, in lower case. */
    private static final Set<String> RESERVED = Set.of(
            "auto-submitted",
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "return-path",
            "received",
            "dkim-signature");

    private static final List<String> RESERVED_PREFIXES = List.of("content-", "resent-");

    /** Prefixes of fields by which providers take commands: recipients, templates, tracking, accounts. */
    private static final List<String> CONTROL_PREFIXES = List.of(
            "x-ses-",
            "x-pm-",
            "x-mailgun-",
            "x-mj-",
            "x-msys-",
            "x-mc-",
            "x-sib-",
            "x-kumo",
            "x-postal-",
            "resend-",
            "x-ums-");

    private static final String SENDGRID_CONTROL = "x-smtpapi";

    /** Structured fields, in lower case; all others are unstructured text. */
    private static final Set<String> STRUCTURED = Set.of(
            "accept-language",
            "archived-at",
            "authentication-results",
            "auto-submitted",
            "autocrypt",
            "bimi-selector",
            "deferred-delivery",
            "delivered-to",
            "delivery-date",
            "domainkey-signature",
            "errors-to",
            "expires",
            "expiry-date",
            "feedback-id",
            "importance",
            "in-reply-to",
            "mt-priority",
            "newsgroups",
            "obsoletes",
            "original-message-id",
            "original-recipient",
            "precedence",
            "priority",
            "received-spf",
            "references",
            "reply-by",
            "require-recipient-valid-since",
            "return-receipt-to",
            "sensitivity",
            "supersedes",
            "thread-index",
            "tls-required",
            "x-auto-response-suppress",
            "x-confirm-reading-to",
            "x-csa-complaints",
            "x-msmail-priority",
            "x-original-to",
            "x-priority");

    private static final List<String> STRUCTURED_PREFIXES = List.of("list-", "arc-", "disposition-notification-");

    private static final String UNSUBSCRIBE = "list-unsubscribe";
    private static final String UNSUBSCRIBE_POST = "list-unsubscribe-post";

    private HeaderRules() {}

    /** Finds all violations in a message's own header fields. */
    static void check(Map<String, String> headers, List<Violation> violations) {
        if (headers.size() > MAX_HEADERS) {
            violations.add(new Violation("/headers", "Has more than " + MAX_HEADERS + " fields."));
            return;
        }
        Map<String, String> written = new HashMap<>();
        headers.forEach((name, value) -> {
            String pointer = pointer(name);
            String fault = nameFault(name);
            if (fault == null && written.putIfAbsent(lowerCase(name), value == null ? "" : value) != null) {
                fault = "This header field is given twice: upper and lower case make no difference.";
            }
            if (fault != null) {
                violations.add(new Violation(pointer, fault));
            }
            checkValue(pointer, name, value, violations);
        });
        headers.keySet().stream()
                .filter(it -> lowerCase(it).equals(UNSUBSCRIBE_POST) && !holdsHttps(written.get(UNSUBSCRIBE)))
                .forEach(it -> violations.add(new Violation(
                        pointer(it), "Needs a List-Unsubscribe with an https URL in angle brackets (RFC 8058).")));
    }

    /** Checks unstructured text: a subject, or a field of the caller's own. */
    static void checkText(String pointer, String value, int longest, List<Violation> violations) {
        if (value.length() > longest) {
            violations.add(new Violation(pointer, "Is longer than " + longest + " characters."));
            return;
        }
        String fault = HeaderText.fault(value);
        if (fault != null) {
            violations.add(new Violation(pointer, "Holds " + fault + "; write it on one line, without controls."));
        }
    }

    /** Whether the field is structured, so that its text cannot be encoded. */
    static boolean isStructured(String name) {
        String lowerCase = lowerCase(name);
        return STRUCTURED.contains(lowerCase) || beginsWithOneOf(STRUCTURED_PREFIXES, lowerCase);
    }

    private static void checkValue(String pointer, String name, @Nullable String value, List<Violation> violations) {
        if (value == null) {
            violations.add(new Violation(pointer, "Must be a string."));
            return;
        }
        int before = violations.size();
        checkText(pointer, value, MAX_VALUE, violations);
        if (violations.size() > before || !isStructured(name)) {
            return;
        }
        if (!HeaderText.isAscii(value)) {
            violations.add(new Violation(
                    pointer,
                    "Programs read this header field, and it holds ASCII only: percent-encode the letters of a URL, and"
                            + " write a domain in its xn-- form."));
        } else if (!HeaderWriter.isStructured(name, value)) {
            violations.add(new Violation(
                    pointer,
                    "Holds a part that is too long for a line, which has " + HeaderWriter.MAX_LINE
                            + " characters with the name: make it shorter, or part it by a space."));
        }
    }

    private static @Nullable String nameFault(String name) {
        if (name.length() > MAX_NAME || !HeaderText.isFieldName(name)) {
            return "The name of a header field has 1 to " + MAX_NAME
                    + " printable ASCII characters, without spaces and colons.";
        }
        String lowerCase = lowerCase(name);
        if (RESERVED.contains(lowerCase) || beginsWithOneOf(RESERVED_PREFIXES, lowerCase)) {
            return "This header field is set by UMS or by servers on the way and cannot be given here.";
        }
        if (lowerCase.equals(SENDGRID_CONTROL) || beginsWithOneOf(CONTROL_PREFIXES, lowerCase)) {
            return "This header field gives orders to a provider, past UMS, and cannot be given here.";
        }
        return null;
    }

    /** Whether the field holds an HTTPS URL in angle brackets, as RFC 2369 section 2 requires. */
    private static boolean holdsHttps(@Nullable String unsubscribe) {
        return unsubscribe != null && lowerCase(unsubscribe).contains("<https://");
    }

    private static boolean beginsWithOneOf(List<String> prefixes, String lowerCase) {
        return prefixes.stream().anyMatch(lowerCase::startsWith);
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * Escapes a name for a JSON pointer (RFC 6901 section 3). A name that would garble a response or a log is left out.
     */
    private static String pointer(String name) {
        if (name.length() > MAX_NAME_IN_POINTER || HeaderText.fault(name) != null) {
            return "/headers";
        }
        return "/headers/" + name.replace("~", "~0").replace("/", "~1");
    }
}
