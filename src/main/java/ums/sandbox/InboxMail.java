package ums.sandbox;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mail in the inbox, decoded for people and scripts.
 *
 * @param n its number; rises by one, never reused
 * @param from the envelope's sender, empty for the null reverse-path
 * @param to the envelope's recipients, which include blind copies
 * @param subject the subject, or null where there is none
 * @param text the first plain-text body that is not an attachment, or null
 * @param html the first HTML body that is not an attachment, or null
 * @param headers the decoded values of the header fields by name, in the mail's sequence; the values of a repeated
 *     field are joined by a line feed
 * @param size the size of the mail as received, in octets
 * @param at when it was received
 */
public record InboxMail(
        long n,
        String from,
        List<String> to,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        Map<String, String> headers,
        int size,

        @JsonFormat(pattern = "yyyy-MM-dd'T'HH:mm:ss.SSSX", timezone = "UTC")
        Instant at) {}
