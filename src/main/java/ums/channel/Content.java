package ums.channel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message as the caller wrote it, in the terms of the API; nothing is rendered yet. Immutable, and
 * stored unchanged for as long as the message.
 *
 * @param from the sender, or null for the channel's default
 * @param to the recipients, at least one once {@linkplain Channel#prepare prepared}
 * @param cc further recipients, visible to all
 * @param bcc further recipients, visible to nobody
 * @param replyTo the address for replies, or null
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
