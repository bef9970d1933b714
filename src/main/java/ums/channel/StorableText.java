package ums.channel;

import org.jspecify.annotations.Nullable;

/**
 * A provider's text as PostgreSQL can store it: at most 1,000 characters, without NUL and without half a surrogate pair. An
 * outcome that could not be stored would never be settled, and a delivered message would be sent again.
 */
public final class StorableText {

    private static final int LONGEST = 1_000;
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** The text itself if it can be stored, else without the rest and with U+FFFD for what cannot. */
    public static @Nullable String of(@Nullable String text) {
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
