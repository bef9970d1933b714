package ums.channel.email;

import org.jspecify.annotations.Nullable;

/** What may stand in the value of a header field, and which values need encoding there. */
final class HeaderText {

    private static final String LONE_SURROGATE = "half of a surrogate pair, which is not valid Unicode";

    private HeaderText() {}

    /**
     * Names what makes a text unfit for a header field or an address: line breaks, because they would begin a field of
     * the caller's own (header injection), the other controls (RFC 5322 section 2.2 knows none), and halves of surrogate
     * pairs, because they have no form in UTF-8.
     *
     * @return for instance "a line break", or null where the text is fit
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

    /** Names what makes a text unfit for a body: NUL (RFC 5322 section 4.1) and halves of surrogate pairs. */
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

    /** True where a reader sees the text exactly as it stands: printable ASCII, no space at either end, no encoded word. */
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
     * True where a reader might find an encoded word (RFC 2047 section 2) and decode it. Judged generously, as many
     * readers decode more than they should.
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
