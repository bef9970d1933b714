package ums.channel.email;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox (RFC 5322 section 3.4) as people write it: {@code kim@example.com}, {@code <kim@example.com>}, {@code Kim
 * <kim@example.com>} or {@code "Kim, Min" <kim@example.com>}, in any script (RFC 6531, RFC 6532). Stricter than the
 * grammar in what serves only legacy mail or smuggling: no comments, groups, lists, routes or folding.
 *
 * @param displayName the name without its quotes, or null
 * @param address local part and domain; the local part is quoted only where it must be, the domain is as it was
 *     written; both in Unicode's form NFC
 */
public record EmailAddress(@Nullable String displayName, String address) {

    private static final int MAX_WRITTEN = 1_000;
    private static final int MAX_DISPLAY_NAME = 320;
    /** RFC 5321 section 4.5.3.1.1. */
    private static final int MAX_LOCAL_OCTETS = 64;
    /** RFC 5321 section 4.5.3.1.3: a path has 256 octets, its angle brackets included. */
    private static final int MAX_OCTETS = 254;

    private static final String HOW = ": write name@example.com or Name <name@example.com>.";

    /**
     * Parses a mailbox from a caller: name and address in Unicode's form NFC, without characters that nobody can see or
     * type ({@link AddressCharacters}).
     *
     * @throws IllegalArgumentException where it is not a mailbox; the message is for people and does not repeat the
     *     value
     */
    public static EmailAddress parse(String written) {
        return read(written, true);
    }

    /**
     * Parses a mailbox that was accepted before, maybe by an earlier release, which allowed such characters.
     *
     * @throws IllegalArgumentException where it is not a mailbox
     */
    static EmailAddress accepted(String written) {
        return read(written, false);
    }

    private static EmailAddress read(String written, boolean strict) {
        if (written.length() > MAX_WRITTEN) {
            throw new IllegalArgumentException("The address is too long; name one address, of at most 254 octets.");
        }
        String fault = HeaderText.fault(written);
        if (fault != null) {
            throw new IllegalArgumentException("The address holds " + fault + ".");
        }
        String text =
                (HeaderText.isAscii(written) ? written : Normalizer.normalize(written, Normalizer.Form.NFC)).strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("The address is empty" + HOW);
        }
        int open = indexOutsideQuotes(text, '<', 0);
        if (open < 0) {
            return new EmailAddress(null, mailbox(text, strict));
        }
        int close = indexOutsideQuotes(text, '>', open);
        if (close != text.length() - 1) {
            throw new IllegalArgumentException("The address in angle brackets must be the end" + HOW);
        }
        return new EmailAddress(
                name(text.substring(0, open), strict),
                mailbox(text.substring(open + 1, close).strip(), strict));
    }

    /** The address for MAIL FROM, RCPT TO and header fields: an IDN as A-labels, the local part unchanged. */
    String envelope() {
        String domain = domain();
        return HeaderText.isAscii(domain) ? address : local() + "@" + EmailDomain.toAscii(domain);
    }

    /** The domain for the envelope, an IDN as A-labels. */
    String asciiDomain() {
        return EmailDomain.toAscii(domain());
    }

    /** True where the local part is not ASCII, so that only a server that takes internationalized mail (RFC 6531) can have it. */
    boolean isInternationalized() {
        return !HeaderText.isAscii(local());
    }

    /**
     * A key that is equal for two spellings of one mailbox: domains are case-insensitive, local parts may be
     * case-sensitive (RFC 5321 section 2.4).
     */
    public String identity() {
        return local() + "@" + asciiDomain().toLowerCase(Locale.ROOT);
    }

    private String local() {
        return address.substring(0, address.lastIndexOf('@'));
    }

    private String domain() {
        // The last @ separates them: a quoted local part may hold others, a domain never does.
        return address.substring(address.lastIndexOf('@') + 1);
    }

    private static @Nullable String name(String text, boolean strict) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                int close = closingQuote(text, i);
                name.append(unescaped(text.substring(i + 1, close)));
                i = close;
            } else if (c == ' ') {
                if (i > 0 && text.charAt(i - 1) != ' ') {
                    name.append(c);
                }
            } else if ("(),:;<>@\\".indexOf(c) >= 0) {
                throw new IllegalArgumentException(
                        "The name in front of the address holds a comma or another character that needs quotes:"
                                + " write \"Name, more\" <name@example.com>, and name one address.");
            } else {
                name.append(c);
            }
        }
        String stripped = name.toString().strip();
        String fault = strict ? AddressCharacters.nameFault(stripped) : null;
        if (fault != null) {
            throw new IllegalArgumentException("The name in front of the address holds " + fault + ".");
        }
        if (stripped.length() > MAX_DISPLAY_NAME) {
            throw new IllegalArgumentException(
                    "The name in front of the address is longer than " + MAX_DISPLAY_NAME + " characters.");
        }
        return stripped.isEmpty() ? null : stripped;
    }

    private static String mailbox(String text, boolean strict) {
        int at;
        String local;
        if (text.startsWith("\"")) {
            int close = closingQuote(text, 0);
            at = close + 1;
            if (at >= text.length() || text.charAt(at) != '@') {
                throw new IllegalArgumentException("A quoted name must be followed by an address" + HOW);
            }
            local = quoted(unescaped(text.substring(1, close)));
        } else {
            at = text.indexOf('@');
            if (at < 0) {
                throw new IllegalArgumentException("The address lacks an @" + HOW);
            }
            local = text.substring(0, at);
            if (!local.isEmpty() && !isDotAtom(local)) {
                throw new IllegalArgumentException("The part in front of the @ has a dot too many, a space or another"
                        + " character that needs quotes; name one address" + HOW);
            }
        }
        String fault = strict ? AddressCharacters.localPartFault(local) : null;
        if (fault != null) {
            throw new IllegalArgumentException("The part in front of the @ holds " + fault + ".");
        }
        if (local.isEmpty()) {
            throw new IllegalArgumentException("The address has nothing in front of its @.");
        }
        if (HeaderText.holdsEncodedWord(local)) {
            // This is legal, but some readers decode an encoded word even here (RFC 2047 section 5 forbids it), and
            // would show an address that somebody hid inside.
            throw new IllegalArgumentException("The part in front of the @ holds an encoded word.");
        }
        int localOctets = octets(local);
        if (localOctets > MAX_LOCAL_OCTETS) {
            throw new IllegalArgumentException("The part in front of the @ is longer than 64 octets.");
        }
        String domain = text.substring(at + 1);
        if (strict) {
            EmailDomain.check(domain);
        }
        if (localOctets + 1 + EmailDomain.toAscii(domain).length() > MAX_OCTETS) {
            throw new IllegalArgumentException("The address is longer than 254 octets.");
        }
        return local + "@" + domain;
    }

    /** Quotes the local part only where it must be, as RFC 5321 section 4.1.2 asks. */
    private static String quoted(String content) {
        if (content.isEmpty() || isDotAtom(content)) {
            return content;
        }
        return '"' + content.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * A dot-atom (RFC 5322 section 3.2.3) with the letters of RFC 6532 section 3.2, but without spaces of any script.
     */
    private static boolean isDotAtom(String text) {
        boolean dotAllowed = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? !dotAllowed : !isAtomText(c)) {
                return false;
            }
            dotAllowed = c != '.';
        }
        return dotAllowed;
    }

    /** RFC 5322 section 3.2.3: {@code atext}. */
    static boolean isAtomText(char c) {
        if (c > 0x7F) {
            return !Character.isSpaceChar(c);
        }
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    private static int indexOutsideQuotes(String text, char wanted, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == wanted) {
                return i;
            }
            if (c == '"') {
                i = closingQuote(text, i);
            }
        }
        return -1;
    }

    private static int closingQuote(String text, int opening) {
        for (int i = opening + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i;
            }
            if (c == '\\') {
                i++;
            }
        }
        throw new IllegalArgumentException("A quotation mark is not closed" + HOW);
    }

    private static String unescaped(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        StringBuilder text = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length(); i++) {
            if (quoted.charAt(i) == '\\') {
                i++;
            }
            text.append(quoted.charAt(i));
        }
        return text.toString();
    }

    private static int octets(String text) {
        return HeaderText.isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
