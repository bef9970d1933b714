package ums.channel.email;

import org.jspecify.annotations.Nullable;
import ums.channel.Recipient;

/** The commands that name sender and recipients (RFC 5321 section 4.1.1.2 and 4.1.1.3). */
final class SmtpEnvelope {

    private SmtpEnvelope() {}

    static String mail(Email email, SmtpExtensions offered) {
        return "MAIL FROM:<" + email.sender() + ">" + offered.parameters(email) + "\r\n";
    }

    static String rcpt(Recipient recipient) {
        return "RCPT TO:<" + recipient.address() + ">\r\n";
    }

    /** Why no command may be made of an e-mail's addresses, in a sentence; null where that is no problem. */
    static @Nullable String flaw(Email email) {
        if (isUnfit(email.sender(), email.smtpUtf8())) {
            return "the sender's address cannot stand in an SMTP command";
        }
        for (Recipient recipient : email.recipients()) {
            if (isUnfit(recipient.address(), email.smtpUtf8())) {
                return "a recipient's address cannot stand in an SMTP command";
            }
        }
        return null;
    }

    /** Addresses were checked when they came in. That none becomes a command of its own is seen to here all the same. */
    private static boolean isUnfit(String address, boolean smtpUtf8) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (Character.isISOControl(c) || (c > '~' && !smtpUtf8)) {
                return true;
            }
        }
        return false;
    }
}
