package ums.channel.email;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The characters beyond ASCII that an address may hold: in its domain those of IDNA 2008 (RFC 5892); in the local part
 * and in names all but those that nobody can see or type, and those that make an address look like another. Text is in
 * Unicode's form NFC. Messages name a character by its number and repeat no text.
 */
final class AddressCharacters {

    /** Invisible characters that are letters, marks or symbols (Default_Ignorable_Code_Point, and a blank). */
    private static final int[][] INVISIBLE = {
        {0x034F, 0x034F},
        {0x115F, 0x1160},
        {0x17B4, 0x17B5},
        {0x180B, 0x180F},
        {0x2800, 0x2800},
        {0x3164, 0x3164},
        {0xFE00, 0xFE0F},
        {0xFFA0, 0xFFA0},
        {0xE0100, 0xE01EF},
    };

    /** RFC 5892 section 2.9: conjoining jamo; NFC has composed those that make up a modern syllable. */
    private static final int[][] OLD_HANGUL = {{0x1100, 0x11FF}, {0xA960, 0xA97C}, {0xD7B0, 0xD7FB}};

    /** RFC 5892 sections 2.4 and 2.6, and lower-case letters that stand for others (section 2.2). */
    private static final int[][] NOT_IN_DOMAINS = {
        {0x0345, 0x0345},
        {0x0640, 0x0640},
        {0x07FA, 0x07FA},
        {0x13F8, 0x13FD},
        {0x1C80, 0x1C88},
        {0x20D0, 0x20FF},
        {0x302E, 0x302F},
        {0x3031, 0x3035},
        {0x303B, 0x303B},
        {0xAB70, 0xABBF},
        {0x1D100, 0x1D24F},
    };

    /** RFC 5892 section 2.6: allowed, though they are not letters. */
    private static final String SIGNS_IN_DOMAINS = "\u06FD\u06FE\u0F0B\u3007";

    /** RFC 5892 appendix A.8 and A.9: these must not both be in one label. */
    private static final int[][] ARABIC_DIGITS = {{0x0660, 0x0669}};

    private static final int[][] PERSIAN_DIGITS = {{0x06F0, 0x06F9}};

    private static final int MIDDLE_DOT = 0x00B7;
    private static final int GREEK_KERAIA = 0x0375;
    private static final int HEBREW_GERESH = 0x05F3;
    private static final int HEBREW_GERSHAYIM = 0x05F4;
    private static final int KATAKANA_MIDDLE_DOT = 0x30FB;

    /** Thai and Lao keyboards type this vowel as one character, which IDNA counts as two. */
    private static final String AM = "\u0E33\u0EB3";

    private AddressCharacters() {}

    /**
     * Names a character that a local part must not hold. As RFC 8264 section 4.2, but with symbols allowed, as some
     * addresses are an emoji.
     *
     * @return for instance "U+200B, which nobody can see", or null where all are allowed
     */
    static @Nullable String localPartFault(String localPart) {
        boolean first = true;
        for (int i = 0; i < localPart.length(); i += Character.charCount(localPart.codePointAt(i))) {
            int c = localPart.codePointAt(i);
            String what = c < 0x80 ? null : unseenOrUntyped(c);
            if (what == null && first && isMark(c)) {
                what = "a mark without the letter that it belongs to";
            }
            if (what != null) {
                return number(c) + ", " + what;
            }
            first = c == '.' || c == '"';
        }
        return null;
    }

    /** Names a character that lets a name look like another: a change of the direction of writing. */
    static @Nullable String nameFault(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
                return number(c) + ", which nobody can see and which turns the direction of what follows";
            }
        }
        return null;
    }

    /**
     * Names a character that a label of a domain must not hold; the label is in lower case.
     *
     * @return for instance "U+200B", or null where all are allowed
     */
    static @Nullable String labelFault(String label) {
        for (int i = 0; i < label.length(); i += Character.charCount(label.codePointAt(i))) {
            int c = label.codePointAt(i);
            if (c >= 0x80 && !isInContext(c, label, i) && !isLetterOfDomains(c)) {
                return number(c);
            }
            if ((i == 0 && isMark(c)) || (within(ARABIC_DIGITS, c) && holds(label, PERSIAN_DIGITS))) {
                return number(c);
            }
        }
        return null;
    }

    /**
     * Maps a label as RFC 5895 section 2 does: to lower case, and with Thai and Lao vowels in IDNA's form. Each
     * character is mapped alone, as lower-casing a whole word would change a final sigma.
     */
    static String mapped(String label) {
        StringBuilder mapped = new StringBuilder(label.length());
        label.codePoints()
                .map(Character::toLowerCase)
                .forEach(c -> mapped.append(
                        AM.indexOf(c) < 0
                                ? Character.toString(c)
                                : Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC)));
        return Normalizer.normalize(mapped, Normalizer.Form.NFC);
    }

    static String number(int codePoint) {
        String hex = Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
        return "U+" + "0".repeat(Math.max(0, 4 - hex.length())) + hex;
    }

    private static @Nullable String unseenOrUntyped(int c) {
        if (within(INVISIBLE, c)) {
            return "which nobody can see";
        }
        if (within(OLD_HANGUL, c)) {
            return "which is no whole syllable";
        }
        return switch (Character.getType(c)) {
            case Character.FORMAT -> "which nobody can see";
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                "which is a space";
            case Character.PRIVATE_USE, Character.UNASSIGNED, Character.CONTROL, Character.SURROGATE ->
                "which is no character of Unicode";
            default -> {
                if (c == 0xFFFC || c == 0xFFFD) {
                    yield "which stands for something that got lost";
                }
                yield isCompatibilityForm(c) && AM.indexOf(c) < 0
                        ? "which is another form of a usual character: write that one"
                        : null;
            }
        };
    }

    /** RFC 5892 section 3: {@code PVALID}, without the non-ASCII characters that are valid only in some contexts. */
    private static boolean isLetterOfDomains(int c) {
        if (SIGNS_IN_DOMAINS.indexOf(c) >= 0) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                Character.toLowerCase(c) == c
                        && !within(NOT_IN_DOMAINS, c)
                        && !within(INVISIBLE, c)
                        && !within(OLD_HANGUL, c)
                        && !isCompatibilityForm(c);
            default -> false;
        };
    }

    /** RFC 5892 appendix A.3 to A.7. {@link EmailDomain} refuses the joiners (A.1, A.2). */
    private static boolean isInContext(int c, String label, int i) {
        return switch (c) {
            case MIDDLE_DOT ->
                i > 0 && i + 1 < label.length() && label.charAt(i - 1) == 'l' && label.charAt(i + 1) == 'l';
            case GREEK_KERAIA -> i + 1 < label.length() && script(label.codePointAt(i + 1)) == UnicodeScript.GREEK;
            case HEBREW_GERESH, HEBREW_GERSHAYIM -> i > 0 && script(label.codePointBefore(i)) == UnicodeScript.HEBREW;
            case KATAKANA_MIDDLE_DOT ->
                label.codePoints()
                        .mapToObj(AddressCharacters::script)
                        .anyMatch(it -> it == UnicodeScript.HIRAGANA
                                || it == UnicodeScript.KATAKANA
                                || it == UnicodeScript.HAN);
            default -> false;
        };
    }

    private static UnicodeScript script(int c) {
        return UnicodeScript.of(c);
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean isCompatibilityForm(int c) {
        return !Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFKC);
    }

    private static boolean holds(String text, int[][] ranges) {
        return text.codePoints().anyMatch(it -> within(ranges, it));
    }

    private static boolean within(int[][] ranges, int c) {
        for (int[] range : ranges) {
            if (c >= range[0] && c <= range[1]) {
                return true;
            }
        }
        return false;
    }
}
