package ums.channel.email;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the header of a mail. Fields are folded in front of white space (RFC 5322 section 2.2.3), and text that is not
 * plain ASCII becomes encoded words (RFC 2047). Only the local part of an address is written as UTF-8 (RFC 6532), as it
 * has no other form.
 */
final class HeaderWriter {

    /** RFC 5322 section 2.1.1: lines should not be longer. */
    static final int PREFERRED_LINE = 78;
    /** RFC 5322 section 2.1.1: lines must not be longer. */
    static final int MAX_LINE = 998;

    /** An encoded word for fewer octets at the end of a line is not worth its overhead. */
    private static final int MIN_OCTETS = 12;

    private final StringBuilder out = new StringBuilder(1_024);
    private int column;
    private int limit = PREFERRED_LINE;

    /** A field whose value needs neither folding nor encoding. */
    HeaderWriter field(String name, String value) {
        begin(name);
        out.append(' ').append(value);
        return end();
    }

    /**
     * A field of unstructured text (RFC 5322 section 2.2.1) that readers show exactly as given.
     *
     * @param longestLine how long a line may get where words cannot be broken; beyond it the whole text is encoded, as
     *     encoded words can be broken anywhere
     */
    HeaderWriter text(String name, String value, int longestLine) {
        // The rules refuse such a value long before. This check prevents header injection even where they have a bug.
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
     * A structured field (RFC 5322 section 2.2.2), written as it is given but for spaces at its ends, and folded
     * between its parts.
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

    /** Whether a structured value can be written as it is: ASCII, with no part that is too long for a line. */
    static boolean isStructured(String name, String value) {
        if (!HeaderText.isAscii(value)) {
            return false;
        }
        String text = value.strip();
        int end = endOfPart(text, 0);
        boolean fits = name.length() + 2 + end <= MAX_LINE;
        while (fits && end < text.length()) {
            int start = end;
            end = endOfPart(text, start);
            // Behind a fold there is always a space.
            fits = end - start + (text.charAt(start) == ' ' ? 0 : 1) <= MAX_LINE;
        }
        return fits;
    }

    /** A field of mailboxes (RFC 5322 section 3.6.3), in the given sequence. */
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
            // Some readers show a space between the encoded words of a name, so the name goes into one word where it
            // fits.
            if (EncodedWord.endOfChunk(displayName, 0, EncodedWord.capacity(column)) < displayName.length()) {
                fold();
            }
            encoded(displayName);
        } else {
            word(quoted);
        }
    }

    /** A phrase (RFC 5322 section 3.2.5) as one word on one line, or null where it must be encoded. */
    private static @Nullable String quoted(String displayName) {
        // Stricter than for text: readers might join half an encoded word with another half in the next name.
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
        // The first word stays on the line of the field's name: behind a fold, some readers keep its space.
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
     * A word begins with the space in front of it, as a folded line does. Only a single space separates words, as many
     * readers collapse the white space at a fold; and not one behind a backslash, which some readers take as an escape
     * of the fold.
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
     * A part of a structured field ends behind a comma or in front of a space, but neither in a quoted string nor in
     * angle brackets, where a URL may have commas.
     */
    private static int endOfPart(String text, int start) {
        boolean quoted = false;
        boolean bracketed = false;
        boolean started = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' && started && !quoted && !bracketed) {
                return i;
            }
            started |= c != ' ';
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
     * Writes the whole text as encoded words, so that no white space between encoded and plain words can get lost. An
     * encoded word that is followed by another ends its line.
     */
    private void encoded(String text) {
        int start = 0;
        while (start < text.length()) {
            int octets = EncodedWord.capacity(column);
            if (octets < MIN_OCTETS) {
                fold();
                octets = EncodedWord.capacity(column);
            }
            int end = EncodedWord.endOfChunk(text, start, octets);
            String word = EncodedWord.of(text.substring(start, end));
            out.append(' ').append(word);
            column += 1 + word.length();
            limit = EncodedWord.MAX_LINE;
            start = end;
            if (start < text.length()) {
                fold();
            }
        }
    }
}
