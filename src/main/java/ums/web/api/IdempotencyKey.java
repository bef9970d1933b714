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

/** The key of a request, as the {@code Idempotency-Key} header or an item of a batch says it: the same text is the same key. */
final class IdempotencyKey {

    private static final int MOST_CHARACTERS = 255;
    private static final String RULE =
            "1 to " + MOST_CHARACTERS + " characters long, none of them a control character.";

    private IdempotencyKey() {}

    /**
     * The key that a header says, or null where there is none. Its octets are UTF-8, as those of a JSON body are, where
     * the container reads each of them as a character.
     *
     * @param header as the container reads it (ISO 8859-1)
     * @throws ProblemException where it is no UTF-8, too long, empty, or holds a control character
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
     * The key that an item says for itself.
     *
     * @throws ProblemException where it cannot be one
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
        return MessageReader.printable(key, key.length()) && key.codePointCount(0, key.length()) <= MOST_CHARACTERS;
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
