package ums.channel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked to send, in the terms of the API: addresses as they were written, nothing rendered yet.
 * Immutable, and kept as it is for as long as the message.
 *
 * @param from the sender, or null where the channel's default is meant
 * @param to the recipients, at least one once {@linkplain MessageSender#prepare prepared}
 * @param cc further recipients, shown to all
 * @param bcc further recipients, shown to nobody
 * @param replyTo where answers go, or null
 * @param subject the subject, or null where the channel has none
 * @param text the body as plain text, or null
 * @param html the body as HTML, or null
 * @param headers additional header fields, in the caller's order
 */
public record Content(
        @Nullable String from,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        @Nullable String replyTo,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        Map<String, String> headers) {}
