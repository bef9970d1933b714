package ums.provider.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.provider.Reply;

/** Reads replies (RFC 5321 section 4.2) from a stream, through one buffer that is reused. */
final class SmtpReplyReader {

    private static final int MAX_LINE = 4096;
    private static final int MAX_LINES = 100;
    private static final int MAX_TEXT = 500;

    private final InputStream in;
    private final byte[] buffer = new byte[2 * MAX_LINE];
    private int start;
    private int end;

    SmtpReplyReader(InputStream in) {
        this.in = in;
    }

    /**
     * Whether more octets were received than were read as replies: after the last expected reply, client and server are
     * out of sync.
     */
    boolean holdsMore() {
        return start < end;
    }

    /**
     * Reads one reply with all its lines.
     *
     * @param lines receives the text of each line; null where only the reply is wanted
     * @throws EOFException where the stream ends before the reply does
     * @throws UnreadableReplyException where the octets are not a reply
     */
    Reply read(@Nullable List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        int code = 0;
        for (int count = 1; count <= MAX_LINES; count++) {
            int lineEnd = findLineEnd();
            int textStart = start + 3;
            int codeOfLine = codeAt(start, lineEnd);
            if (count > 1 && codeOfLine != code) {
                // RFC 5321 section 4.2.1: every line has the same code. Where they differ, neither can be trusted.
                throw new UnreadableReplyException("its lines have different codes");
            }
            code = codeOfLine;
            boolean last = textStart == lineEnd || buffer[textStart] == ' ';
            String line = textStart == lineEnd ? "" : decode(textStart + 1, lineEnd);
            if (lines != null) {
                lines.add(line);
            }
            append(text, line);
            start = endOfLineFeed(lineEnd);
            if (last) {
                return new Reply(code, text.toString());
            }
        }
        throw new UnreadableReplyException("more than " + MAX_LINES + " lines");
    }

    /** The end of the line that begins at {@link #start}, without its line break; reads on until there is one. */
    private int findLineEnd() throws IOException {
        int from = start;
        while (true) {
            for (int i = from; i < end; i++) {
                if (buffer[i] == '\n') {
                    int lineEnd = i > start && buffer[i - 1] == '\r' ? i - 1 : i;
                    if (lineEnd - start > MAX_LINE) {
                        throw new UnreadableReplyException("a line of over " + MAX_LINE + " octets");
                    }
                    return lineEnd;
                }
            }
            // CR and LF may still be missing.
            if (end - start > MAX_LINE + 1) {
                throw new UnreadableReplyException("a line of over " + MAX_LINE + " octets");
            }
            int scanned = end - start;
            fill();
            from = start + scanned;
        }
    }

    private int endOfLineFeed(int lineEnd) {
        return buffer[lineEnd] == '\r' ? lineEnd + 2 : lineEnd + 1;
    }

    private void fill() throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (end == buffer.length) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        end += count;
    }

    private int codeAt(int from, int lineEnd) throws UnreadableReplyException {
        if (lineEnd - from < 3) {
            throw new UnreadableReplyException("a line without a code");
        }
        int code = 0;
        for (int i = from; i < from + 3; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new UnreadableReplyException("a line without a code");
            }
            code = code * 10 + digit;
        }
        if (code < 200 || code > 599) {
            throw new UnreadableReplyException("no code is " + code);
        }
        if (lineEnd - from > 3 && buffer[from + 3] != ' ' && buffer[from + 3] != '-') {
            throw new UnreadableReplyException("a code that does not end");
        }
        return code;
    }

    private String decode(int from, int to) {
        // Replies may hold UTF-8 where SMTPUTF8 is in use (RFC 6531 section 3.5); ASCII is a subset.
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, String line) {
        if (!text.isEmpty() && text.length() < MAX_TEXT) {
            text.append(' ');
        }
        for (int i = 0; i < line.length() && text.length() < MAX_TEXT; i++) {
            char c = line.charAt(i);
            if (!Character.isISOControl(c)) {
                text.append(c);
            }
        }
    }
}
