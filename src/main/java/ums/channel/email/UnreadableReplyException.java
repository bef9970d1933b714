package ums.channel.email;

import java.io.IOException;

/** What the server sent is no reply. Says why, without repeating it. */
final class UnreadableReplyException extends IOException {

    UnreadableReplyException(String message) {
        super(message);
    }
}
