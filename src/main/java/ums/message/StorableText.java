package ums.message;

import org.jspecify.annotations.Nullable;

/**
 * A text of somebody else's, as PostgreSQL can store it: no NUL, no half of a surrogate pair, and not without an end. An
 * outcome that cannot be stored would never be settled, and what was delivered would be sent again.
 */
final class StorableText {

    private static final int LONGEST = 1_000;
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** The text itself where it can be stored as it is, else the nearest that can. */
    static @Nullable String of(@Nullable String text) {
        if (text == null || (text.length() <= LONGEST && isStorable(text))) {
            return text;
        }
        StringBuilder storable = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && storable.length() < LONGEST - 1; ) {
            int point = text.codePointAt(i);
            if (isStorable(point)) {
                storable.appendCodePoint(point);
            } else {
                storable.append(REPLACEMENT);
            }
            i += Character.charCount(point);
        }
        return storable.toString();
    }

    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (!isStorable(point)) {
                return false;
            }
            i += Character.charCount(point);
        }
        return true;
    }

    /** A surrogate that is a code point by itself lacks its other half. */
    private static boolean isStorable(int point) {
        return point != 0 && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
    }
}
