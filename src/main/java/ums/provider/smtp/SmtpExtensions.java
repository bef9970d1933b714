package ums.provider.smtp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import ums.channel.email.Email;

/**
 * The extensions that a server offers in its reply to EHLO (RFC 5321 section 4.1.1.1).
 *
 * @param pipelining several commands may go in one write (RFC 2920)
 * @param eightBitMime BODY=8BITMIME is understood (RFC 6152)
 * @param smtpUtf8 UTF-8 may stand in addresses and header fields (RFC 6531)
 * @param startTls the connection can be encrypted (RFC 3207)
 * @param size SIZE is understood (RFC 1870)
 * @param largest the largest message taken, in octets, or 0 where the server names none
 * @param plain AUTH PLAIN is understood (RFC 4954, RFC 4616)
 * @param login AUTH LOGIN is understood (never standardized, but the only one that some servers have)
 */
record SmtpExtensions(
        boolean pipelining,
        boolean eightBitMime,
        boolean smtpUtf8,
        boolean startTls,
        boolean size,
        long largest,
        boolean plain,
        boolean login) {

    /** The extensions of a server that knows only HELO. */
    static final SmtpExtensions NONE = of(List.of());

    /** @param lines the text of each line of the reply; the first line names the server */
    static SmtpExtensions of(List<String> lines) {
        boolean pipelining = false;
        boolean eightBitMime = false;
        boolean smtpUtf8 = false;
        boolean startTls = false;
        boolean size = false;
        long largest = 0;
        boolean plain = false;
        boolean login = false;
        for (String line : lines.stream().skip(1).toList()) {
            // Old servers write AUTH=PLAIN.
            List<String> words = Arrays.asList(
                    line.strip().toUpperCase(Locale.ROOT).replace('=', ' ').split("\\s+"));
            switch (words.getFirst()) {
                case "PIPELINING" -> pipelining = true;
                case "8BITMIME" -> eightBitMime = true;
                case "SMTPUTF8" -> smtpUtf8 = true;
                case "STARTTLS" -> startTls = true;
                case "SIZE" -> {
                    size = true;
                    largest = words.size() > 1 ? number(words.get(1)) : 0;
                }
                case "AUTH" -> {
                    plain |= words.contains("PLAIN");
                    login |= words.contains("LOGIN");
                }
                default -> {
                    // Not used by this client.
                }
            }
        }
        return new SmtpExtensions(pipelining, eightBitMime, smtpUtf8, startTls, size, largest, plain, login);
    }

    /** The extension or size that an e-mail needs and this server lacks, in a sentence; null where it can be sent. */
    @Nullable String lackedBy(Email email) {
        if (email.internationalized() && !smtpUtf8) {
            return "the server does not offer SMTPUTF8, which an address or a header field needs";
        }
        // RFC 6531 section 3.1: a server that offers SMTPUTF8 takes 8-bit bodies too.
        if (email.eightBit() && !eightBitMime && !smtpUtf8) {
            return "the server does not offer 8BITMIME, which the message needs";
        }
        if (largest > 0 && email.bytes().length > largest) {
            return "the message has " + email.bytes().length + " octets, the server takes at most " + largest;
        }
        return null;
    }

    /** The parameters of MAIL: only those that the server offers and the message needs. */
    String parameters(Email email) {
        StringBuilder parameters = new StringBuilder();
        if (size) {
            parameters.append(" SIZE=").append(email.bytes().length);
        }
        if (email.eightBit() && eightBitMime) {
            parameters.append(" BODY=8BITMIME");
        }
        if (email.internationalized()) {
            parameters.append(" SMTPUTF8");
        }
        return parameters.toString();
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
