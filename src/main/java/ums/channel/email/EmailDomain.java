package ums.channel.email;

import java.net.IDN;
import java.net.Inet6Address;
import java.util.regex.Pattern;

/** The domain of an address: a domain name (RFC 5321 section 4.1.2), an IDN, or an address literal (4.1.3). */
final class EmailDomain {

    private static final int MAX_OCTETS = 255;
    private static final int MAX_LABEL = 63;
    private static final String IPV6_TAG = "IPv6:";
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    /** The full stop of Chinese and Japanese keyboards separates labels too (RFC 5895 section 2). */
    private static final Pattern DOTS = Pattern.compile("[.\u3002]");

    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]+");

    /**
     * Characters that IDNA 2003 (in the JDK) maps away and IDNA 2008 (RFC 5894 section 7.2, used by registries) keeps:
     * sharp s, final sigma, and the zero-width joiners. Mapping them would send the mail to another domain.
     */
    private static final String AMBIGUOUS = "\u00DF\u1E9E\u03C2\u200C\u200D";

    private EmailDomain() {}

    /**
     * The domain for the envelope: A-labels (RFC 5890 section 2.3.2.1) for an IDN, else the domain as it is. A name of
     * one label, such as {@code localhost}, is allowed, as local networks use them.
     *
     * @throws IllegalArgumentException where it is not a domain; the message is for people and does not repeat it
     */
    static String toAscii(String domain) {
        if (domain.isEmpty()) {
            throw new IllegalArgumentException("The address has nothing behind its @.");
        }
        if (domain.startsWith("[")) {
            checkLiteral(domain);
            return domain;
        }
        if (domain.length() > MAX_OCTETS) {
            // Checked before Punycode, which takes time in the square of the length; its result is never shorter.
            throw new IllegalArgumentException("The domain is longer than 255 octets.");
        }
        String ascii = HeaderText.isAscii(domain) ? domain : aLabels(domain);
        checkLabels(ascii);
        return ascii;
    }

    /**
     * Checks what {@link #toAscii} does not, as the JDK maps some invisible characters away and takes others for
     * letters: each label must be valid under IDNA 2008 (RFC 5891), and mean the same under IDNA 2003.
     *
     * @throws IllegalArgumentException as {@link #toAscii} does
     */
    static void check(String domain) {
        if (HeaderText.isAscii(domain) || domain.startsWith("[")) {
            return;
        }
        refuseAmbiguous(domain);
        for (String label : DOTS.split(domain, -1)) {
            if (!HeaderText.isAscii(label)) {
                checkLabel(label);
            }
        }
    }

    private static void checkLabel(String written) {
        String label = AddressCharacters.mapped(written);
        String fault = AddressCharacters.labelFault(label);
        if (fault != null) {
            throw new IllegalArgumentException("The domain holds " + fault
                    + ", which may not stand there: leave it out, or write the domain in its xn-- form.");
        }
        if (label.startsWith("--", 2) || !label.equals(IDN.toUnicode(aLabels(written), IDN.ALLOW_UNASSIGNED))) {
            throw new IllegalArgumentException(
                    "The domain is not the same to all IDNA standards: write it in its xn-- form.");
        }
    }

    private static void refuseAmbiguous(String domain) {
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            if (AMBIGUOUS.indexOf(c) >= 0) {
                throw new IllegalArgumentException("The domain holds " + AddressCharacters.number(c)
                        + ", on which the IDNA standards differ: write it in its xn-- form.");
            }
        }
    }

    private static String aLabels(String domain) {
        refuseAmbiguous(domain);
        try {
            // ALLOW_UNASSIGNED lets letters newer than Unicode 3.2 pass; the ASCII characters of a label are checked
            // for all domains alike.
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException _) {
            // The JDK's message would repeat the domain.
            throw new IllegalArgumentException("The domain is not a valid internationalized domain name.");
        }
    }

    private static void checkLabels(String domain) {
        if (domain.length() > MAX_OCTETS) {
            throw new IllegalArgumentException("The domain is longer than 255 octets.");
        }
        int start = 0;
        boolean digitsOnly = false;
        while (start <= domain.length()) {
            int end = domain.indexOf('.', start);
            if (end < 0) {
                end = domain.length();
            }
            if (end == start) {
                throw new IllegalArgumentException("The domain begins or ends with a dot, or has two in a row.");
            }
            if (end - start > MAX_LABEL) {
                throw new IllegalArgumentException("A part of the domain is longer than 63 octets.");
            }
            if (domain.charAt(start) == '-' || domain.charAt(end - 1) == '-') {
                throw new IllegalArgumentException("A part of the domain begins or ends with a hyphen.");
            }
            digitsOnly = true;
            for (int i = start; i < end; i++) {
                char c = domain.charAt(i);
                boolean digit = c >= '0' && c <= '9';
                if (!digit && c != '-' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
                    throw new IllegalArgumentException(
                            "The domain holds something other than letters, digits, hyphens and dots; name one address.");
                }
                digitsOnly &= digit;
            }
            start = end + 1;
        }
        if (digitsOnly) {
            throw new IllegalArgumentException(
                    "The domain ends in a number; an IP address needs brackets, as in name@[192.0.2.1].");
        }
    }

    private static void checkLiteral(String literal) {
        if (!isLiteral(literal)) {
            throw new IllegalArgumentException(
                    "The address literal is not valid: write [192.0.2.1] or [IPv6:2001:db8::1].");
        }
    }

    private static boolean isLiteral(String literal) {
        if (!literal.endsWith("]")) {
            return false;
        }
        String inside = literal.substring(1, literal.length() - 1);
        if (!inside.regionMatches(true, 0, IPV6_TAG, 0, IPV6_TAG.length())) {
            return IPV4.matcher(inside).matches();
        }
        String ipv6 = inside.substring(IPV6_TAG.length());
        // The characters are checked first: the JDK would accept a scope too, such as %eth0.
        if (!IPV6_CHARACTERS.matcher(ipv6).matches()) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(ipv6);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
