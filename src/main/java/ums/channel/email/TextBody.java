package ums.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A text as the body of a mail or of one of its parts: UTF-8 with CRLF line ends, in a transfer encoding that every
 * server passes on unchanged, with or without 8BITMIME.
 *
 * @param transferEncoding the value of Content-Transfer-Encoding (RFC 2045 section 6)
 * @param bytes only ASCII, no line over 998 octets, CRLF at the end
 */
record TextBody(String transferEncoding, byte[] bytes) {

    private static final String HEX = "0123456789ABCDEF";
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    /** RFC 2045 section 6.7, rule 5. */
    private static final int QUOTED_PRINTABLE_LINE = 76;

    /**
     * Encodes a text.
     *
     * @param boundary a MIME boundary that must not occur in the body (RFC 2046 section 5.1.1)
     */
    static TextBody of(String text, String boundary) {
        byte[] canonical = canonical(text);
        int escapes = 0;
        int longestLine = 0;
        boolean fragile = false;
        int lineStart = 0;
        while (lineStart < canonical.length) {
            int i = lineStart;
            for (byte b = canonical[i]; b != '\r'; b = canonical[++i]) {
                if (!isPrintable(b)) {
                    escapes++;
                }
            }
            fragile |= (i > lineStart && isEndOfLineSpace(canonical, i - 1)) || isFromLine(canonical, lineStart);
            longestLine = Math.max(longestLine, i - lineStart);
            lineStart = i + 2;
        }
        if (escapes == 0 && !fragile && longestLine <= HeaderWriter.MAX_LINE && !text.contains(boundary)) {
            return new TextBody("7bit", canonical);
        }
        // A quoted-printable escape adds two octets, base64 a third of all: with fewer than one escape in six octets,
        // quoted-printable is smaller.
        for (byte b : canonical) {
            if (b == '=') {
                escapes++;
            }
        }
        return escapes * 6L <= canonical.length
                ? new TextBody("quoted-printable", quotedPrintable(canonical))
                : new TextBody("base64", base64(canonical));
    }

    /** Turns every line break into CRLF (RFC 2046 section 4.1.1), and adds one at the end. */
    private static byte[] canonical(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] canonical = new byte[utf8.length + missing(utf8)];
        int to = 0;
        int start = 0;
        do {
            int end = endOfLine(utf8, start);
            System.arraycopy(utf8, start, canonical, to, end - start);
            to += end - start;
            canonical[to++] = '\r';
            canonical[to++] = '\n';
            start = end + (isCrLf(utf8, end) ? 2 : 1);
        } while (start < utf8.length);
        return canonical;
    }

    /** How many octets are missing: one for each lone CR or LF, two for a missing line break at the end. */
    private static int missing(byte[] text) {
        int missing = 0;
        int end = endOfLine(text, 0);
        while (end < text.length) {
            boolean whole = isCrLf(text, end);
            missing += whole ? 0 : 1;
            int next = end + (whole ? 2 : 1);
            if (next == text.length) {
                return missing;
            }
            end = endOfLine(text, next);
        }
        return missing + 2;
    }

    private static boolean isCrLf(byte[] text, int i) {
        return i + 1 < text.length && text[i] == '\r' && text[i + 1] == '\n';
    }

    private static int endOfLine(byte[] text, int start) {
        int end = start;
        while (end < text.length && text[end] != '\n' && text[end] != '\r') {
            end++;
        }
        return end;
    }

    private static boolean isPrintable(byte b) {
        return (b >= ' ' && b < 0x7F) || b == '\t';
    }

    /** Servers on the way may strip trailing white space (RFC 2045 section 6.7, rule 3). */
    private static boolean isEndOfLineSpace(byte[] text, int i) {
        return (text[i] == ' ' || text[i] == '\t') && text[i + 1] == '\r';
    }

    /** Mailbox files change a leading {@code From} to {@code >From} (RFC 4155), permanently. */
    private static boolean isFromLine(byte[] text, int i) {
        if (text.length - i < FROM.length) {
            return false;
        }
        for (int j = 0; j < FROM.length; j++) {
            if (text[i + j] != FROM[j]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] quotedPrintable(byte[] text) {
        StringBuilder out = new StringBuilder(text.length + text.length / 4);
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == '\r') {
                out.append("\r\n");
                column = 0;
                i++;
                continue;
            }
            boolean escaped = !isPrintable(b) || b == '=' || isEndOfLineSpace(text, i);
            // The "=" of a soft line break takes a column too, unless the line ends here anyway.
            int room = QUOTED_PRINTABLE_LINE - column - (text[i + 1] == '\r' ? 0 : 1);
            if ((escaped ? 3 : 1) > room) {
                out.append("=\r\n");
                column = 0;
            }
            if (escaped || (column == 0 && isFromLine(text, i))) {
                out.append('=').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
                column += 3;
            } else {
                out.append((char) b);
                column++;
            }
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] base64(byte[] text) {
        byte[] lines = Base64.getMimeEncoder().encode(text);
        byte[] ended = Arrays.copyOf(lines, lines.length + 2);
        ended[lines.length] = '\r';
        ended[lines.length + 1] = '\n';
        return ended;
    }
}
