package ums.provider.smtp;

import java.io.IOException;

/** The server's octets are not a reply. The message gives the reason without repeating them. */
final class UnreadableReplyException extends IOException {

    UnreadableReplyException(String message) {
        super(message);
    }
}
