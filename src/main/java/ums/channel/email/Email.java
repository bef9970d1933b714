package ums.channel.email;

import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import ums.channel.Recipient;

/**
 * A rendered e-mail with its envelope (RFC 5321 section 2.3.1).
 *
 * @param sender the bare address for MAIL FROM
 * @param recipients the recipients for RCPT TO, at least one
 * @param bytes header and body as RFC 5322 requires: CRLF everywhere, a CRLF at the end, no line over 998 octets, not
 *     yet dot-stuffed
 * @param commit called once, right before the write that holds the final dot; false calls the attempt off
 * @param eightBit true where it holds a byte above 127, so that BODY=8BITMIME (RFC 6152) is needed
 * @param internationalized true where an address of the envelope or a header field holds UTF-8, so that only a server that
 *     takes such mails (RFC 6531) can have it
 */
public record Email(
        String sender,
        List<Recipient> recipients,
        byte[] bytes,
        BooleanSupplier commit,
        boolean eightBit,
        boolean internationalized) {

    /** The same e-mail for some of its recipients. */
    public Email to(List<Recipient> some) {
        return new Email(sender, some, bytes, commit, eightBit, internationalized);
    }

    /** The first recipient's domain, in lower case. */
    public String domain() {
        String address = recipients.getFirst().address();
        return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
}
