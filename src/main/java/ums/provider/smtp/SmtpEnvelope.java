package ums.provider.smtp;

import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;
import ums.channel.email.Email;

/** The commands that name the sender and the recipients (RFC 5321 sections 4.1.1.2 and 4.1.1.3). */
final class SmtpEnvelope {

    private SmtpEnvelope() {}

    static String mail(Email email, SmtpExtensions offered) {
        return "MAIL FROM:<" + email.sender() + ">" + offered.parameters(email) + "\r\n";
    }

    static String rcpt(Recipient recipient) {
        return "RCPT TO:<" + recipient.address() + ">\r\n";
    }

    /** Why an e-mail's addresses cannot go into commands, in a sentence; null where they can. */
    static @Nullable String invalid(Email email) {
        if (isUnsafe(email.sender(), email.internationalized())) {
            return "the sender's address cannot stand in an SMTP command";
        }
        for (Recipient recipient : email.recipients()) {
            if (isUnsafe(recipient.address(), email.internationalized())) {
                return "a recipient's address cannot stand in an SMTP command";
            }
        }
        return null;
    }

    /**
     * Addresses were validated when the message was accepted. This check makes SMTP command injection impossible even
     * where that failed.
     */
    private static boolean isUnsafe(String address, boolean smtpUtf8) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (Character.isISOControl(c) || (c > '~' && !smtpUtf8)) {
                return true;
            }
        }
        return false;
    }
}
