package ums.web.api;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import ums.channel.Violation;
import ums.web.Problem;
import ums.web.ProblemException;

/**
 * The idempotency key of a request, from the {@code Idempotency-Key} header or an item of a batch. Equal texts are
 * equal keys.
 */
final class IdempotencyKey {

    private static final int MAX_CHARACTERS = 255;
    private static final String RULE = "1 to " + MAX_CHARACTERS + " characters long, none of them a control character.";

    private IdempotencyKey() {}

    /**
     * The key in the header, or null if there is none. Its octets are decoded as UTF-8, like those of a JSON body,
     * although the container reads each octet as a character.
     *
     * @param header as the container decodes it (ISO 8859-1)
     * @throws ProblemException 400 if it is empty, too long, not UTF-8 or has a control character
     */
    static @Nullable String ofHeader(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String key = isAscii(header) ? header : decoded(header.getBytes(StandardCharsets.ISO_8859_1));
        if (!fits(key)) {
            throw invalid("The Idempotency-Key must be " + RULE, List.of());
        }
        return key;
    }

    /**
     * The key of an item of a batch.
     *
     * @throws ProblemException 400 if it is missing or breaks the same rules
     */
    static String ofItem(@Nullable String key) {
        if (key == null || !fits(key)) {
            throw invalid(
                    "The idempotencyKey must be " + RULE,
                    List.of(new Violation("/idempotencyKey", "must be a string of " + RULE)));
        }
        return key;
    }

    private static boolean fits(String key) {
        return MessageReader.printable(key, key.length()) && key.codePointCount(0, key.length()) <= MAX_CHARACTERS;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(byte[] octets) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(octets);
        CharBuffer out = CharBuffer.allocate(octets.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw invalid(
                    "The Idempotency-Key must be UTF-8, and its octet " + (in.position() + 1) + " begins no character.",
                    List.of());
        }
        return out.flip().toString();
    }

    private static ProblemException invalid(String detail, List<Violation> errors) {
        return new ProblemException(new Problem(HttpStatus.BAD_REQUEST, "INVALID_IDEMPOTENCY_KEY", detail, errors));
    }
}
