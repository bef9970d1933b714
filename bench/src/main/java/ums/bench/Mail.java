package ums.bench;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to post, of any size, that takes no memory of that size.
 *
 * @param to its recipient
 * @param filler how many characters its text and HTML have; 0: a short text
 * @param scheduledAt when it is to be sent, or null for at once
 * @param expiresAt when it is of no use any more, or null for never
 */
record Mail(
        String to,
        int filler,
        @Nullable Instant scheduledAt,
        @Nullable Instant expiresAt) {

    /** Of the text, and of the HTML, there may be so many characters. */
    private static final int MOST_OF_EACH = 4_900_000;

    private static final int LINE = 64;
    private static final byte[] CHUNK = ("Somebody waits for this long letter, of which each line is so \\n")
            .repeat(1024)
            .getBytes(StandardCharsets.US_ASCII);

    Mail(String to, int filler, @Nullable Instant scheduledAt) {
        this(to, filler, scheduledAt, null);
    }

    /** A short one that is to be sent at once. */
    static Mail small(String to) {
        return new Mail(to, 0, null);
    }

    /** The same, of use only until then. */
    Mail until(Instant end) {
        return new Mail(to, filler, scheduledAt, end);
    }

    /** Whether it is posted piece by piece. */
    boolean isLarge() {
        return filler > 0;
    }

    /** How many characters an SMTP server sees of it at least. */
    int least() {
        // An escaped line break is two characters here, and two there.
        return filler / LINE * (LINE - 2);
    }

    /** The JSON to post. */
    HttpRequest.BodyPublisher body(String from, String priority) {
        String schedule = (scheduledAt == null ? "" : ", \"scheduledAt\": \"" + scheduledAt + "\"")
                + (expiresAt == null ? "" : ", \"expiresAt\": \"" + expiresAt + "\"");
        String head = """
                {"from": "%s", "to": ["%s"], "subject": "chaos", "priority": "%s"%s, "text": \"""".formatted(from, to, priority, schedule);
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

    /** Whole lines, so that no escape is cut in two. */
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
