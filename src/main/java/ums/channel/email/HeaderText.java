package ums.channel.email;

import org.jspecify.annotations.Nullable;

/** The characters that the value of a header field may hold, and the values that need encoding. */
final class HeaderText {

    private static final String LONE_SURROGATE = "half of a surrogate pair, which is not valid Unicode";

    private HeaderText() {}

    /**
     * Names a character that a header field or an address must not hold: a line break, as it would begin a field of the
     * caller's own (header injection), another control character (RFC 5322 section 2.2 allows none), or half of a
     * surrogate pair, as it has no form in UTF-8.
     *
     * @return for instance "a line break", or null where the text is valid
     */
    static @Nullable String fault(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                continue;
            }
            if (c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029) {
                return "a line break";
            }
            if (Character.isISOControl(c)) {
                return "a control character";
            }
            if (Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    return LONE_SURROGATE;
                }
                i++;
            }
        }
        return null;
    }

    /** Names a character that a body must not hold: NUL (RFC 5322 section 4.1) or half of a surrogate pair. */
    static @Nullable String bodyFault(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "a NUL character";
            }
            if (Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    return LONE_SURROGATE;
                }
                i++;
            }
        }
        return null;
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    /** True where readers show the text exactly as it is: printable ASCII, no space at either end, no encoded word. */
    static boolean isPlain(String text) {
        // Readers strip spaces at the ends.
        if (text.startsWith(" ") || text.endsWith(" ")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7F) {
                return false;
            }
        }
        return !holdsEncodedWord(text);
    }

    /**
     * True where a reader might decode an encoded word (RFC 2047 section 2). Deliberately broad, as many readers decode
     * more than they should.
     */
    static boolean holdsEncodedWord(String text) {
        int start = text.indexOf("=?");
        return start >= 0 && text.indexOf("?=", start + 2) >= 0;
    }

    /** RFC 5322 section 3.6.8: {@code field-name}. */
    static boolean isFieldName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == ':') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }
}
