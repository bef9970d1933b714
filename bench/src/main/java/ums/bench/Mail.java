package ums.bench;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to post. A large one is not held in memory.
 *
 * @param to its recipient
 * @param filler the characters of its text and HTML together; 0: a short text
 * @param scheduledAt when to send it, or null for at once
 * @param expiresAt when it expires, or null for never
 * @param provider the id of the only account that may have it, or null for any
 */
record Mail(
        String to,
        int filler,
        @Nullable Instant scheduledAt,
        @Nullable Instant expiresAt,
        @Nullable String provider) {

    /** The largest text, and the largest HTML, in characters. */
    private static final int MOST_OF_EACH = 4_900_000;

    private static final int LINE = 64;
    private static final byte[] CHUNK = ("Somebody waits for this long letter, of which each line is so \\n")
            .repeat(1024)
            .getBytes(StandardCharsets.US_ASCII);

    Mail(String to, int filler, @Nullable Instant scheduledAt) {
        this(to, filler, scheduledAt, null, null);
    }

    /** A short message without a schedule. */
    static Mail small(String to) {
        return new Mail(to, 0, null);
    }

    /** The same message with an expiry. */
    Mail until(Instant end) {
        return new Mail(to, filler, scheduledAt, end, provider);
    }

    /** The same message by one account only, to {@code recipient}. */
    Mail onlyBy(String account, String recipient) {
        return new Mail(recipient, filler, scheduledAt, expiresAt, account);
    }

    /** Whether its body is streamed. */
    boolean isLarge() {
        return filler > 0;
    }

    /** The minimum length of the mail that an SMTP server receives, in characters. */
    int least() {
        // A line break is two characters in JSON (escaped), and two in SMTP.
        return filler / LINE * (LINE - 2);
    }

    /** The JSON to post. */
    HttpRequest.BodyPublisher body(String from, String priority) {
        String options = (scheduledAt == null ? "" : ", \"scheduledAt\": \"" + scheduledAt + "\"")
                + (expiresAt == null ? "" : ", \"expiresAt\": \"" + expiresAt + "\"")
                + (provider == null ? "" : ", \"provider\": \"" + provider + "\"");
        String head = """
                {"from": "%s", "to": ["%s"], "subject": "chaos", "priority": "%s"%s, "text": \"""".formatted(from, to, priority, options);
        if (!isLarge()) {
            return HttpRequest.BodyPublishers.ofString(head + "Somebody waits for this.\"}");
        }
        List<byte[]> parts = new ArrayList<>();
        parts.add(bytes(head));
        int text = Math.min(filler, MOST_OF_EACH);
        fill(parts, text);
        if (filler > text) {
            parts.add(bytes("\", \"html\": \""));
            fill(parts, filler - text);
        }
        parts.add(bytes("\"}"));
        long length = parts.stream().mapToLong(it -> it.length).sum();
        return HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArrays(parts), length);
    }

    /** Appends whole lines, so that no escape sequence is cut. */
    private static void fill(List<byte[]> parts, int characters) {
        int whole = characters / LINE * LINE;
        parts.addAll(Collections.nCopies(whole / CHUNK.length, CHUNK));
        byte[] rest = new byte[whole % CHUNK.length];
        System.arraycopy(CHUNK, 0, rest, 0, rest.length);
        parts.add(rest);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
