package ums.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the header of a mail: fields folded in front of white space (RFC 5322 section 2.2.3), text that is not plain
 * ASCII as encoded words (RFC 2047), UTF-8 as it is only in the local part of an address (RFC 6532), where nothing else
 * can be written.
 */
final class HeaderWriter {

    /** RFC 5322 section 2.1.1: lines should have no more. */
    static final int PREFERRED_LINE = 78;
    /** RFC 5322 section 2.1.1: lines must have no more. */
    static final int LONGEST_LINE = 998;

    private static final String ENCODED_WORD = "=?UTF-8?B?";
    private static final String ENCODED_WORD_END = "?=";
    /** RFC 2047 section 2: of a line that holds an encoded word. */
    private static final int ENCODED_LINE = 76;
    /** An encoded word for fewer octets at the end of a line is not worth its frame. */
    private static final int FEWEST_OCTETS = 12;

    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private final StringBuilder out = new StringBuilder(1_024);
    private int column;
    private int limit = PREFERRED_LINE;

    /** A field whose value has no need of folding and encoding. */
    HeaderWriter field(String name, String value) {
        begin(name);
        out.append(' ').append(value);
        return end();
    }

    /**
     * A field of text (RFC 5322 section 2.2.1) that a reader shows exactly as given.
     *
     * @param longestLine how long a line may get by words that cannot be broken; beyond that the whole text is encoded,
     *     as encoded words can be broken anywhere
     */
    HeaderWriter text(String name, String value, int longestLine) {
        // The rules refuse it long before. Here it is what stands between a mistake there and a forged field.
        if (!HeaderText.isFieldName(name) || HeaderText.fault(value) != null) {
            throw new IllegalArgumentException("This cannot be a header field");
        }
        begin(name);
        if (!HeaderText.isPlain(value) || !foldable(value, longestLine)) {
            encoded(value);
        } else {
            words(value);
        }
        return end();
    }

    /**
     * A field that programs read (RFC 5322 section 2.2.2), as it is given but for spaces at its ends, and folded between
     * its parts.
     */
    HeaderWriter structured(String name, String value) {
        if (!HeaderText.isFieldName(name) || HeaderText.fault(value) != null || !isStructured(name, value)) {
            throw new IllegalArgumentException("This cannot be a structured header field");
        }
        begin(name);
        String text = value.strip();
        int start = endOfPart(text, 0);
        out.append(' ').append(text, 0, start);
        column += 1 + start;
        while (start < text.length()) {
            int end = endOfPart(text, start);
            part(text.substring(start, end));
            start = end;
        }
        return end();
    }

    /** Whether a value can be written as it is: ASCII, with no part that is too long for a line. */
    static boolean isStructured(String name, String value) {
        if (!HeaderText.isAscii(value)) {
            return false;
        }
        String text = value.strip();
        int end = endOfPart(text, 0);
        boolean fits = name.length() + 2 + end <= LONGEST_LINE;
        while (fits && end < text.length()) {
            int start = end;
            end = endOfPart(text, start);
            // Behind a fold stands a space in any case.
            fits = end - start + (text.charAt(start) == ' ' ? 0 : 1) <= LONGEST_LINE;
        }
        return fits;
    }

    /** A field of mailboxes (RFC 5322 section 3.6.3), in their order. */
    HeaderWriter mailboxes(String name, List<EmailAddress> addresses) {
        begin(name);
        for (int i = 0; i < addresses.size(); i++) {
            EmailAddress address = addresses.get(i);
            String comma = i < addresses.size() - 1 ? "," : "";
            String displayName = address.displayName();
            if (displayName == null) {
                word(address.envelope() + comma);
            } else {
                phrase(displayName);
                word('<' + address.envelope() + '>' + comma);
            }
        }
        return end();
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private void begin(String name) {
        out.append(name).append(':');
        column = name.length() + 1;
        limit = PREFERRED_LINE;
    }

    private HeaderWriter end() {
        out.append("\r\n");
        return this;
    }

    private void phrase(String displayName) {
        String quoted = quoted(displayName);
        if (quoted == null) {
            // Some readers put a space between the encoded words of a name: one is better than two, where it can be
            // one.
            if (endOfChunk(displayName, 0, room()) < displayName.length()) {
                fold();
            }
            encoded(displayName);
        } else {
            word(quoted);
        }
    }

    /** RFC 5322 section 3.2.5 as one word on one line, or null where encoded words have to do. */
    private static @Nullable String quoted(String displayName) {
        // Stricter than for text: half an encoded word might find its other half in the next name.
        if (!HeaderText.isPlain(displayName) || displayName.contains("=?")) {
            return null;
        }
        boolean atoms = true;
        for (int i = 0; i < displayName.length() && atoms; i++) {
            char c = displayName.charAt(i);
            atoms = c == ' ' ? displayName.charAt(i - 1) != ' ' : EmailAddress.isAtomText(c);
        }
        String quoted =
                atoms ? displayName : '"' + displayName.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return quoted.length() < PREFERRED_LINE ? quoted : null;
    }

    private boolean foldable(String value, int longestLine) {
        // The first word stays on the line of the name: behind a fold, some readers keep its space.
        int left = longestLine - column - 1;
        int start = 0;
        while (start < value.length()) {
            int end = endOfWord(value, start);
            if (end - start > left) {
                return false;
            }
            left = longestLine;
            start = end;
        }
        return true;
    }

    /**
     * A word begins with the space in front of it, as a folded line does. Only a single space parts two words, as many
     * readers make one space of whatever a folded line begins with; and none behind a backslash, which to some escapes
     * the fold.
     */
    private static int endOfWord(String value, int start) {
        for (int i = start + 1; i < value.length(); i++) {
            char before = value.charAt(i - 1);
            if (value.charAt(i) == ' ' && value.charAt(i + 1) != ' ' && before != ' ' && before != '\\') {
                return i;
            }
        }
        return value.length();
    }

    private void words(String value) {
        int start = endOfWord(value, 0);
        out.append(' ').append(value, 0, start);
        column += 1 + start;
        while (start < value.length()) {
            int end = endOfWord(value, start);
            spaced(value.substring(start, end));
            start = end;
        }
    }

    /**
     * A part of a structured field ends behind a comma or in front of a space, but neither in a quoted string nor in angle
     * brackets, where a URL may have commas of its own.
     */
    private static int endOfPart(String text, int start) {
        boolean quoted = false;
        boolean bracketed = false;
        boolean begun = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' && begun && !quoted && !bracketed) {
                return i;
            }
            begun |= c != ' ';
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"' && !bracketed) {
                quoted = !quoted;
            } else if (!quoted && (c == '<' || c == '>')) {
                bracketed = c == '<';
            } else if (c == ',' && !quoted && !bracketed) {
                return i + 1;
            }
        }
        return text.length();
    }

    private void part(String part) {
        boolean fold = column + part.length() > limit;
        if (fold) {
            fold();
        }
        String written = fold && part.charAt(0) != ' ' ? ' ' + part : part;
        out.append(written);
        column += written.length();
    }

    private void word(String word) {
        spaced(' ' + word);
    }

    private void fold() {
        out.append("\r\n");
        column = 0;
        limit = PREFERRED_LINE;
    }

    private void spaced(String word) {
        if (column + word.length() > limit && column > 0) {
            fold();
        }
        out.append(word);
        column += word.length();
    }

    /**
     * The whole text as encoded words, so that no white space between words of two kinds can get lost. None splits a
     * character (RFC 2047 section 5), and one that is followed by another ends its line.
     */
    private void encoded(String text) {
        int start = 0;
        while (start < text.length()) {
            int octets = room();
            if (octets < FEWEST_OCTETS) {
                fold();
                octets = room();
            }
            int end = endOfChunk(text, start, octets);
            byte[] chunk = text.substring(start, end).getBytes(StandardCharsets.UTF_8);
            String base64 = Base64.getEncoder().encodeToString(chunk);
            out.append(' ').append(ENCODED_WORD).append(base64).append(ENCODED_WORD_END);
            column += 1 + ENCODED_WORD.length() + base64.length() + ENCODED_WORD_END.length();
            limit = ENCODED_LINE;
            start = end;
            if (start < text.length()) {
                fold();
            }
        }
    }

    private int room() {
        return (ENCODED_LINE - column - 1 - ENCODED_WORD.length() - ENCODED_WORD_END.length()) / 4 * 3;
    }

    private static int endOfChunk(String text, int start, int octets) {
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
        return end < text.length() ? wholeUntil(text, start, end) : end;
    }

    /**
     * Rather in front of a letter with marks, or of an emoji of several characters, than inside it, as some readers show each
     * word by itself.
     */
    private static int wholeUntil(String text, int start, int end) {
        int whole = end;
        while (whole > start && goesOn(text, start, whole)) {
            whole = text.offsetByCodePoints(whole, -1);
        }
        return whole > start ? whole : end;
    }

    private static boolean goesOn(String text, int start, int i) {
        int next = text.codePointAt(i);
        int type = Character.getType(next);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || text.codePointBefore(i) == ZERO_WIDTH_JOINER
                || (next >= 0x1F3FB && next <= 0x1F3FF)
                || (next >= 0x1160 && next <= 0x11FF)
                || (isFlagLetter(next) && flagLettersBefore(text, start, i) % 2 == 1);
    }

    private static int flagLettersBefore(String text, int start, int i) {
        int letters = 0;
        for (int j = i; j > start && isFlagLetter(text.codePointBefore(j)); j -= 2) {
            letters++;
        }
        return letters;
    }

    /** Two of them are a flag. */
    private static boolean isFlagLetter(int codePoint) {
        return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
    }
}
