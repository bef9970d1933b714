package ums.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Encoded words (RFC 2047) of UTF-8 in base64, and how much of a text goes into one. */
final class EncodedWord {

    /** RFC 2047 section 2: the longest line that holds an encoded word, in characters. */
    static final int MAX_LINE = 76;

    private static final String PREFIX = "=?UTF-8?B?";
    private static final String SUFFIX = "?=";
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private EncodedWord() {}

    static String of(String chunk) {
        return PREFIX + Base64.getEncoder().encodeToString(chunk.getBytes(StandardCharsets.UTF_8)) + SUFFIX;
    }

    /** How many octets of text an encoded word can hold that follows a space behind that many characters of the line. */
    static int capacity(int column) {
        return (MAX_LINE - column - 1 - PREFIX.length() - SUFFIX.length()) / 4 * 3;
    }

    /** The end of the longest chunk of at most so many octets; it splits no character (RFC 2047 section 5). */
    static int endOfChunk(String text, int start, int octets) {
        int left = octets;
        int end = start;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            left -= codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (left < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return end < text.length() ? endOfGrapheme(text, start, end) : end;
    }

    /**
     * Moves the end in front of a letter with combining marks, or of an emoji of several characters, where it would split one:
     * some readers show each encoded word by itself.
     */
    private static int endOfGrapheme(String text, int start, int end) {
        int whole = end;
        while (whole > start && continuesGrapheme(text, start, whole)) {
            whole = text.offsetByCodePoints(whole, -1);
        }
        return whole > start ? whole : end;
    }

    private static boolean continuesGrapheme(String text, int start, int i) {
        int next = text.codePointAt(i);
        int type = Character.getType(next);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || text.codePointBefore(i) == ZERO_WIDTH_JOINER
                || (next >= 0x1F3FB && next <= 0x1F3FF)
                || (next >= 0x1160 && next <= 0x11FF)
                || (isRegionalIndicator(next) && regionalIndicatorsBefore(text, start, i) % 2 == 1);
    }

    private static int regionalIndicatorsBefore(String text, int start, int i) {
        int count = 0;
        for (int j = i; j > start && isRegionalIndicator(text.codePointBefore(j)); j -= 2) {
            count++;
        }
        return count;
    }

    /** Two of them are a flag. */
    private static boolean isRegionalIndicator(int codePoint) {
        return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
    }
}
